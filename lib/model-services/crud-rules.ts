import { checkCount, checkFunction, checkOptions } from '../base/check.js';
import type { Codec } from '../schema/codec.js';
import type { KeyOf, SomeFields } from './repository.js';
import type { RowField, RowFields } from './row-fields.js';

/** What can be said of the handlers of a model service. */
export interface CrudHandlerOptions<Row, Key extends KeyOf<Row>> {
  /** Makes the key of a row that is created without one. Without it such a row is refused. */
  readonly newKey?: (() => Row[Key] | Promise<Row[Key]>) | undefined;
  /** How many rows a page has if the request does not say. Default 50. */
  readonly pageSize?: number | undefined;
  /** How many rows a page has at most, whatever the request says. Default 1000. */
  readonly maxPageSize?: number | undefined;
}

/** What is known of a model service without its repository. */
export interface CrudModel<Row, Key extends KeyOf<Row>> {
  readonly service: string;
  readonly fields: RowFields<Row>;
  readonly key: RowField<Row> & { readonly name: Key };
  readonly codec: Codec<Row, SomeFields<Row>>;
}

/** What the handlers go by. */
export interface CrudRules<Row, Key extends KeyOf<Row>> extends CrudModel<Row, Key> {
  readonly newKey: CrudHandlerOptions<Row, Key>['newKey'];
  readonly pageSize: number;
  readonly maxPageSize: number;
}

/** @throws {TypeError | RangeError} naming the option that does not fit */
export function crudRules<Row, Key extends KeyOf<Row>>(
  model: CrudModel<Row, Key>,
  options: CrudHandlerOptions<Row, Key>,
): CrudRules<Row, Key> {
  const what = `${model.service} handlers()`;
  checkOptions(what, options, ['newKey', 'pageSize', 'maxPageSize']);
  const { newKey, pageSize = 50, maxPageSize = 1000 } = options;
  if (newKey !== undefined) checkFunction(`${what}: newKey`, newKey);
  checkPageSize(`${what}: maxPageSize`, maxPageSize);
  checkPageSize(`${what}: pageSize`, pageSize);
  return { ...model, newKey, pageSize, maxPageSize };
}

function checkPageSize(name: string, size: unknown): void {
  checkCount(name, size, 1);
  if (size === Infinity) throw new RangeError(`${name} must be finite: a page is one message`);
}
