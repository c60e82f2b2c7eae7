import { type FieldSpec, fieldsOf, type MessageSpec } from '../code-first/declarations.js';
import { lastOf } from '../code-first/type-name.js';
import { fieldName } from '../schema/local-name.js';
import { refuse } from './refuse.js';

/** A field of a row. */
export interface RowField<Row> {
  /** As code has it. */
  readonly name: keyof Row & string;
  readonly spec: FieldSpec;
  /** The fields of the oneof that it is in, itself included; empty if it is in none. */
  readonly oneof: readonly string[];
}

/** The fields of a message that requests may name, as code or as the `.proto` has them. */
export class RowFields<Row> {
  readonly all: readonly RowField<Row>[];
  /** The message's own name, such as `Book`. */
  readonly owner: string;
  readonly #byName = new Map<string, RowField<Row>>();

  constructor(message: MessageSpec) {
    this.owner = lastOf(message.name);
    const oneofs = new Map<FieldSpec, string[]>();
    for (const member of message.members) {
      if (!('fields' in member)) continue;
      const names = member.fields.map((each) => fieldName(each.name));
      for (const each of member.fields) oneofs.set(each, names);
    }
    this.all = fieldsOf(message).map((spec) => ({
      name: fieldName(spec.name) as keyof Row & string,
      spec,
      oneof: oneofs.get(spec) ?? [],
    }));
    for (const each of this.all) this.#byName.set(each.name, each).set(each.spec.name, each);
  }

  find(name: string): RowField<Row> | undefined {
    return this.#byName.get(name);
  }

  /** @throws {RpcError} INVALID_ARGUMENT naming `what` was asked with it, when there is no such field */
  expect(what: string, name: string): RowField<Row> {
    return this.find(name) ?? refuse(`${what}: ${this.owner} has no field '${name.slice(0, 80)}'`);
  }
}

/** Whether it has one value that goes before or behind others: a scalar other than bytes, or an enum. */
export function isComparable({ label, type }: FieldSpec): boolean {
  return (
    (label === 'implicit' || label === 'optional') && typeof type !== 'function' && type !== 'bytes'
  );
}

/** Whether the field was sent, as far as can be told: a zero without `optional` was not. */
export function isPopulated(
  { spec, oneof }: Pick<RowField<unknown>, 'spec' | 'oneof'>,
  value: unknown,
): boolean {
  if (value === undefined) return false;
  if (spec.label === 'optional' || oneof.length > 0) return true;
  // NaN and -0 are sent.
  if (typeof value === 'number') return !Object.is(value, 0);
  if (typeof value !== 'object' || value === null) return Boolean(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  return spec.label !== 'map' || Object.keys(value).length > 0;
}
