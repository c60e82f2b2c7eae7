import type { RowComparison, RowOrder, RowQuery, SomeFields } from 'tributary';

/** Text with a `?` for each of the values. */
export interface SqlText {
  readonly text: string;
  readonly values: readonly unknown[];
}

const SIGNS: { readonly [Test in RowComparison]: string } = {
  equals: '=',
  atLeast: '>=',
  above: '>',
  atMost: '<=',
  below: '<',
};

/** Names are those of fields, never of requests; quoted, they may be words of SQL. */
export const column = (field: string): string => `"${field}"`;

/**
 * What stands behind `SELECT * FROM table`. NULL is what is unset: it comes first in SQLite's order,
 * and no comparison with it is true, as the rules of repositories have it.
 */
export function sqlQuery<Row>({ filter, order, after, limit }: RowQuery<Row>): SqlText {
  const conditions = filter.map(({ field, test, value }) => ({
    text: `${column(field)} ${SIGNS[test]} ?`,
    values: [value] as unknown[],
  }));
  if (after !== undefined) conditions.push(behind(order, after));
  const where = conditions.map(({ text }) => text).join(' AND ') || 'TRUE';
  const by = order.map(({ field, descending }) => column(field) + (descending ? ' DESC' : ''));
  return {
    text: `WHERE ${where} ORDER BY ${by.join(', ')} LIMIT ?`,
    values: [...conditions.flatMap(({ values }) => values), limit ?? -1], // -1 is no limit
  };
}

/** Behind a row: equal to it in the first fields, and further in the next. */
function behind<Row>(order: readonly RowOrder<Row>[], after: SomeFields<Row>) {
  const values: unknown[] = [];
  const put = (value: unknown): string => {
    values.push(value);
    return '?';
  };
  const ways = order.map(({ field, descending }, index) => {
    const equal = order
      .slice(0, index)
      .map((each) => `${column(each.field)} IS ${put(after[each.field])}`);
    const name = column(field);
    const value = after[field];
    let further: string;
    if (value === undefined) further = descending ? 'FALSE' : `${name} IS NOT NULL`;
    else if (descending) further = `(${name} < ${put(value)} OR ${name} IS NULL)`;
    else further = `${name} > ${put(value)}`;
    return [...equal, further].join(' AND ');
  });
  return { text: `(${ways.join(' OR ')})`, values };
}
