import { checkOptions } from '../base/check.js';
import { checkBoolean } from '../base/check-boolean.js';
import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import { checkComment } from './comment.js';
import {
  type FieldSpec,
  fieldsOf,
  type MessageSpec,
  type OneofSpec,
  type Reserved,
} from './declarations.js';
import { Field } from './field.js';
import type { MessageType } from './message-type.js';
import { messageTypeOf } from './message-type-of.js';
import type { Members, MessageIn, MessageOut } from './message-types.js';
import { Oneof } from './oneof.js';
import { expectProtoName } from './proto-name.js';
import { checkReserved, isReserved } from './reserved.js';
import { checkTypeName } from './type-name.js';

/** What can be said of a message besides its members. */
export interface MessageOptions {
  readonly comment?: string | undefined;
  /** Numbers, ranges (both ends included) and names of fields that are gone. */
  readonly reserved?: readonly Reserved[] | undefined;
  readonly deprecated?: boolean | undefined;
}

/**
 * A message type declared in code; its TypeScript types are inferred.
 *
 * ```ts
 * const Question = message('Question', {
 *   questionText: field.string(1, 'what is asked'),
 *   choices: field.string(2).repeated(),
 * });
 * ```
 * Numbers may be left out: see `defineService`. What is encoded and decoded is what the `.proto` says
 * that `tributary proto` prints.
 *
 * @param name - `Question`, `Outer.Inner`, or with a package; without one it has that of the service
 * @throws {TypeError | RangeError} naming the member, for a bad name, or a number used twice
 */
export function message<const M extends Members>(
  name: string,
  members: M,
  options: MessageOptions = {},
): MessageType<MessageOut<M>, MessageIn<M>> {
  checkTypeName('message()', name);
  checkOptions(`message('${name}')`, options, ['comment', 'reserved', 'deprecated']);
  const { comment, deprecated = false } = options;
  checkComment(`the comment of ${name}`, comment);
  checkBoolean(`deprecated of ${name}`, deprecated);
  const spec: MessageSpec = {
    name,
    members: specsOf(name, members),
    comment,
    reserved: checkReserved(name, options.reserved ?? []),
    deprecated,
    file: undefined,
  };
  checkFields(spec);
  return messageTypeOf(spec);
}

/** The members under the names that they have in a `.proto`. */
function specsOf(owner: string, members: Members): (FieldSpec | OneofSpec)[] {
  if (!isKeyed(members)) {
    throw new TypeError(`${owner}: expected an object of fields, got ${describeValue(members)}`);
  }
  return Object.entries<unknown>(members).map(([key, member]) => {
    const name = expectProtoName(owner, key);
    if (member instanceof Field) return { ...member.traits, name };
    if (member instanceof Oneof) {
      const inner = Object.entries((member as Members[string] & Oneof<never>).fields as Members);
      const fields = inner.map(([innerKey, each]) => ({
        ...(each as Field<unknown>).traits,
        name: expectProtoName(owner, innerKey),
      }));
      return { name, comment: member.comment, fields };
    }
    const expected = 'a field such as field.string(1), or oneof({ … })';
    throw new TypeError(`${owner}.${key} must be ${expected}, got ${describeValue(member)}`);
  });
}

function checkFields(message: MessageSpec): void {
  const { name: owner, members, reserved } = message;
  const names = new Set(members.flatMap((member) => ('fields' in member ? member.name : [])));
  const byNumber = new Map<number, string>();
  for (const { name, number } of fieldsOf(message)) {
    if (names.has(name)) throw new TypeError(`${owner} has two members named ${name}`);
    names.add(name);
    const other = number === undefined ? undefined : byNumber.get(number);
    if (other !== undefined) {
      throw new RangeError(`${owner}: ${other} and ${name} both have the number ${number}`);
    }
    if (number !== undefined) byNumber.set(number, name);
    for (const what of [name, number]) {
      if (what === undefined || !isReserved(reserved, what)) continue;
      throw new RangeError(`${owner}.${name}: ${what} is reserved`);
    }
  }
}
