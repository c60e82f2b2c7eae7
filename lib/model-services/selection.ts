import type { StreamRequest } from './crud-methods.js';
import type { CrudModel } from './crud-rules.js';
import { parseOrder } from './parse-order.js';
import type { KeyOf, RowQuery } from './repository.js';
import { conditionsOf } from './row-filter.js';

/** Which rows, in which order. */
export type Selection<Row> = Pick<RowQuery<Row>, 'filter' | 'order'>;

/**
 * What a request selects.
 *
 * @throws {RpcError} INVALID_ARGUMENT naming what is wrong
 */
export function selectionOf<Row, Key extends KeyOf<Row>>(
  { filter, orderBy }: StreamRequest<Row>,
  { fields, key }: CrudModel<Row, Key>,
): Selection<Row> {
  return { filter: conditionsOf(filter, fields), order: parseOrder(orderBy, fields, key.name) };
}
