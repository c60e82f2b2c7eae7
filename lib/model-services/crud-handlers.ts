import type { Codec } from '../schema/codec.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { CrudHandlers, KeyRequest, ListRequest, StreamRequest } from './crud-methods.js';
import { maskedChanges } from './masked-changes.js';
import { PageTokens } from './page-token.js';
import { parseOrder } from './parse-order.js';
import type { KeyOf, Repository, RowQuery, SomeFields } from './repository.js';
import { isPopulated, type RowField, type RowFields } from './row-fields.js';
import { conditionsOf } from './row-filter.js';

/** What the handlers go by. */
export interface CrudRules<Row, Key extends KeyOf<Row>> {
  readonly service: string;
  readonly fields: RowFields<Row>;
  readonly key: RowField<Row> & { readonly name: Key };
  readonly codec: Codec<Row, SomeFields<Row>>;
  readonly newKey: (() => Row[Key] | Promise<Row[Key]>) | undefined;
  readonly pageSize: number;
  readonly maxPageSize: number;
}

/** The handlers of a model service over a repository. */
export function crudHandlers<Row, Key extends KeyOf<Row>>(
  repository: Repository<Row, Row[Key]>,
  rules: CrudRules<Row, Key>,
): CrudHandlers<Row, Key> {
  const { fields, key, newKey } = rules;
  const found = (row: Row | undefined, name: Row[Key]): Row => {
    if (row !== undefined) return row;
    throw missing(rules, name);
  };
  const list = lister(repository, rules);
  return {
    list: (request, { signal }) => list(request, signal),
    stream: (request, { signal }) =>
      repository.find({ ...selection(request, rules), after: undefined, limit: undefined, signal }),
    get: async (request) => {
      const name = keyIn(request, rules);
      return found(await repository.get(name), name);
    },
    async create({ item = refuse('item is missing') }) {
      let row = item;
      if (!isPopulated(key as RowField<never>, row[key.name])) {
        if (newKey === undefined) refuse(`item.${key.spec.name} is missing`);
        row = { ...row, [key.name]: await newKey() };
      }
      const created = await repository.create(row);
      if (created !== undefined) return created;
      const which = `${fields.owner} ${shown(row[key.name])}`;
      throw new RpcError(Status.ALREADY_EXISTS, `${which} exists already`);
    },
    async update({ item = refuse('item is missing'), updateMask }) {
      const name = keyIn(item, rules, 'item.');
      const changes = maskedChanges(item, updateMask?.paths ?? [], fields, key.name);
      return found(await repository.update(name, changes), name);
    },
    async delete(request) {
      const name = keyIn(request, rules);
      if (!(await repository.delete(name))) throw missing(rules, name);
      return {};
    },
  };
}

function lister<Row, Key extends KeyOf<Row>>(
  repository: Repository<Row, Row[Key]>,
  rules: CrudRules<Row, Key>,
): (
  request: ListRequest<Row>,
  signal: AbortSignal,
) => Promise<{ items: Row[]; nextPageToken: string }> {
  const tokens = new PageTokens(rules.codec);
  return async (request, signal) => {
    const { filter, order } = selection(request, rules);
    if (request.pageSize < 0) refuse('page_size must be 0 or more');
    const size = Math.min(request.pageSize || rules.pageSize, rules.maxPageSize);
    const question = questionOf(rules.service, filter, order);
    const { pageToken } = request;
    const after = pageToken === '' ? undefined : tokens.read(pageToken, order, question);
    const items: Row[] = [];
    for await (const row of repository.find({ filter, order, after, limit: size + 1, signal })) {
      if (items.length === size) {
        return { items, nextPageToken: tokens.make(items.at(-1) as Row, order, question) };
      }
      items.push(row);
    }
    return { items, nextPageToken: '' };
  };
}

type Selection<Row> = Pick<RowQuery<Row>, 'filter' | 'order'>;

function selection<Row, Key extends KeyOf<Row>>(
  { filter, orderBy }: StreamRequest<Row>,
  { fields, key }: CrudRules<Row, Key>,
): Selection<Row> {
  return { filter: conditionsOf(filter, fields), order: parseOrder(orderBy, fields, key.name) };
}

/** What all pages of a list have in common. */
function questionOf<Row>(
  service: string,
  filter: Selection<Row>['filter'],
  order: Selection<Row>['order'],
): string {
  const conditions = filter.map(({ field, test, value }) => [field, test, String(value)]);
  return JSON.stringify([
    service,
    conditions,
    order.map(({ field, descending }) => [field, descending]),
  ]);
}

function keyIn<Row, Key extends KeyOf<Row>>(
  holder: KeyRequest<Row, Key>,
  { key }: CrudRules<Row, Key>,
  prefix = '',
): Row[Key] {
  const value = holder[key.name];
  if (isPopulated(key as RowField<never>, value)) return value;
  return refuse(`${prefix}${key.spec.name} is missing`);
}

function missing<Row, Key extends KeyOf<Row>>(
  rules: CrudRules<Row, Key>,
  name: Row[Key],
): RpcError {
  return new RpcError(Status.NOT_FOUND, `there is no ${rules.fields.owner} ${shown(name)}`);
}

function shown(key: unknown): string {
  return typeof key === 'string' ? `'${key.slice(0, 80)}'` : String(key);
}

function refuse(reason: string): never {
  throw new RpcError(Status.INVALID_ARGUMENT, reason);
}
