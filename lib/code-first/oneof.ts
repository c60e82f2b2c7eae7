import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import { checkComment } from './comment.js';
import { type AnyField, Field } from './field.js';

/** The fields of a oneof by their lowerCamel names. */
export type OneofFields = { readonly [name: string]: AnyField };

/** Fields of which at most one is set, as `oneof` makes it. */
export class Oneof<Fields extends OneofFields> {
  readonly fields: Fields;
  readonly comment: string | undefined;

  constructor(fields: Fields, comment: string | undefined) {
    this.fields = fields;
    this.comment = comment;
  }
}

/**
 * Fields of which at most one is set. They are fields of the message itself; the name that the oneof
 * is declared with is only in the `.proto`.
 *
 * @throws {TypeError} when there is no field, or one that is optional, a list or a map
 */
export function oneof<const Fields extends OneofFields>(
  fields: Fields,
  comment?: string,
): Oneof<Fields> {
  if (!isKeyed(fields) || Object.keys(fields).length === 0) {
    throw new TypeError(`oneof() takes an object of fields, got ${describeValue(fields)}`);
  }
  checkComment('the comment of a oneof', comment);
  for (const [name, member] of Object.entries<unknown>(fields)) {
    if (!(member instanceof Field)) {
      const expected = 'a field such as field.string(1)';
      throw new TypeError(`oneof(): ${name} must be ${expected}, got ${describeValue(member)}`);
    }
    const { label } = member.traits;
    if (label !== 'implicit') throw new TypeError(`oneof(): ${name} cannot be ${label}`);
  }
  return new Oneof(fields, comment);
}
