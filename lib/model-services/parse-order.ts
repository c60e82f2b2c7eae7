import { refuse } from './refuse.js';
import type { RowOrder } from './repository.js';
import { isComparable, type RowFields } from './row-fields.js';

/**
 * Reads `price desc, title`; the key comes last, so that no two rows are equal.
 *
 * @throws {RpcError} INVALID_ARGUMENT naming what is wrong
 */
export function parseOrder<Row>(
  text: string,
  fields: RowFields<Row>,
  key: keyof Row & string,
): RowOrder<Row>[] {
  const order: RowOrder<Row>[] = [];
  for (const part of text.trim() === '' ? [] : text.split(',')) {
    const [name = '', direction = 'asc', ...rest] = part.trim().split(/\s+/);
    const field = fields.expect('order_by', name);
    if (!isComparable(field.spec)) refuse(`order_by: ${name} has no order`);
    if ((direction !== 'asc' && direction !== 'desc') || rest.length > 0) {
      refuse(`order_by: expected asc, desc or nothing behind ${name}`);
    }
    if (order.some((each) => each.field === field.name)) refuse(`order_by: ${name} is there twice`);
    order.push({ field: field.name, descending: direction === 'desc' });
  }
  if (!order.some((each) => each.field === key)) order.push({ field: key, descending: false });
  return order;
}
