import { describeValue } from '../base/describe-value.js';
import { checkComment } from './comment.js';
import type { FieldTraits, FieldType } from './declarations.js';
import { Field } from './field.js';
import { checkFieldNumber } from './field-number.js';

/** A number and a comment, both of which may be left out. */
export type FieldArgs = [] | [number: number, comment?: string] | [comment: string];

/** A field of `type`; throws unless `args` are what they should be. */
export function makeField<Out, In>(
  type: FieldType,
  args: FieldArgs,
  traits: Partial<FieldTraits> = {},
): Field<Out, In> {
  const [number, comment] =
    args.length === 1 && typeof args[0] === 'string' ? [undefined, args[0]] : args;
  if (args.length > 2) {
    throw new TypeError(`a field takes a number and a comment, got ${args.length} arguments`);
  }
  if (number !== undefined) checkFieldNumber('the number of a field', number);
  checkComment('the comment of a field', comment);
  const plain = { label: 'implicit', key: undefined, deprecated: false } as const;
  return new Field({ ...plain, type, number, comment, ...traits });
}

/** Says what a field was given instead of the type that it takes. */
export function expectType(what: string, expected: string, got: unknown): TypeError {
  return new TypeError(`${what} takes ${expected}, got ${describeValue(got)}`);
}
