import type { FieldSpec } from '../code-first/declarations.js';
import { Field } from '../code-first/field.js';
import { field } from '../code-first/fields.js';
import { message } from '../code-first/message.js';
import type { MessageType } from '../code-first/message-type.js';
import type { RowComparison, RowCondition } from './repository.js';
import { isComparable, type RowFields } from './row-fields.js';

/** What a filter asks of one field: all that is set must hold, and an unset field fulfils nothing. */
export type FieldFilter<Value> = { [Name in RowComparison]?: Value | undefined };

/** Conditions on the fields of a row, all of which must hold. */
export type RowFilter<Row> = {
  [Name in keyof Row as IfComparable<Row[Name], Name>]?:
    | FieldFilter<NonNullable<Row[Name]>>
    | undefined;
};

/** A filter as it may be written. */
export type RowFilterInput<Row> = {
  readonly [Name in keyof Row as IfComparable<Row[Name], Name>]?:
    | { readonly [Asked in RowComparison]?: Written<NonNullable<Row[Name]>> | null | undefined }
    | null
    | undefined;
};

type IfComparable<Value, Name> = [NonNullable<Value>] extends [never]
  ? never
  : [NonNullable<Value>] extends [string | number | bigint | boolean]
    ? Name
    : never;
type Written<Value> = Value extends bigint ? bigint | number : Value;

const TESTS: readonly RowComparison[] = ['equals', 'atLeast', 'above', 'atMost', 'below'];

/** `BookFilter`, with a message for each field that can be compared, under the field's own number. */
export function filterMessage<Row>(
  fields: RowFields<Row>,
): MessageType<RowFilter<Row>, RowFilterInput<Row>> {
  const name = `${fields.owner}Filter`;
  const members = fields.all
    .filter(({ spec }) => isComparable(spec))
    .map((each) => {
      const { number } = each.spec;
      const own = each.name.charAt(0).toUpperCase() + each.name.slice(1);
      const tests = testsMessage(`${name}.${own}`, each.spec);
      const condition = number === undefined ? field.message(tests) : field.message(tests, number);
      return [each.name, condition] as const;
    });
  const comment = 'All that is set must hold.';
  return message(name, Object.fromEntries(members), { comment }) as MessageType<
    RowFilter<Row>,
    RowFilterInput<Row>
  >;
}

function testsMessage(name: string, { type }: FieldSpec): MessageType<FieldFilter<unknown>> {
  const members = TESTS.map((test, index) => {
    const traits = { type, number: index + 1, label: 'optional', key: undefined } as const;
    return [test, new Field({ ...traits, comment: undefined, deprecated: false })] as const;
  });
  return message(name, Object.fromEntries(members)) as MessageType<FieldFilter<unknown>>;
}

/** The conditions that a filter stands for. */
export function conditionsOf<Row>(
  filter: RowFilter<Row> | undefined,
  fields: RowFields<Row>,
): RowCondition<Row>[] {
  const given = new Map(
    Object.entries((filter ?? {}) as { [name: string]: FieldFilter<RowCondition<Row>['value']> }),
  );
  return fields.all.flatMap(({ name }) =>
    TESTS.flatMap((test) => {
      const value = given.get(name)?.[test];
      return value === undefined ? [] : { field: name, test, value };
    }),
  );
}
