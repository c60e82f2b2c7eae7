import { describeValue } from '../base/describe-value.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { CrudHandlers, KeyRequest } from './crud-methods.js';
import type { CrudModel, CrudRules } from './crud-rules.js';
import { listPages } from './list-pages.js';
import { maskedChanges } from './masked-changes.js';
import { refuse } from './refuse.js';
import type { KeyOf, Repository, SomeFields } from './repository.js';
import { isPopulated } from './row-fields.js';
import { selectionOf } from './selection.js';

const METHODS = ['get', 'create', 'update', 'delete', 'find'] as const;

/**
 * The handlers of a model service over a repository.
 *
 * @throws {TypeError} when it is none
 */
export function crudHandlers<Row, Key extends KeyOf<Row>>(
  repository: Repository<Row, Row[Key]>,
  rules: CrudRules<Row, Key>,
): CrudHandlers<Row, Key> {
  checkRepository(rules.service, repository);
  const { fields, key } = rules;
  const named = (name: Row[Key]): string => `${fields.owner} ${shown(name)}`;
  const found = <Found>(what: Found | undefined, name: Row[Key]): Found => {
    if (what !== undefined) return what;
    throw new RpcError(Status.NOT_FOUND, `there is no ${named(name)}`);
  };
  return {
    list: listPages(repository, rules),
    stream: (request, { signal }) =>
      repository.find({
        ...selectionOf(request, rules),
        after: undefined,
        limit: undefined,
        signal,
      }),
    async get(request) {
      const name = keyIn(request, rules);
      return found(await repository.get(name), name);
    },
    async create({ item = refuse('item is missing') }) {
      const row = isPopulated(key, item[key.name])
        ? item
        : { ...item, [key.name]: await madeKey(rules) };
      const created = await repository.create(row);
      if (created !== undefined) return created;
      throw new RpcError(Status.ALREADY_EXISTS, `${named(row[key.name])} exists already`);
    },
    async update({ item = refuse('item is missing'), updateMask }) {
      const name = keyIn(item, rules, 'item.');
      const changes = maskedChanges(item, updateMask?.paths ?? [], fields, key.name);
      return found(await repository.update(name, changes), name);
    },
    async delete(request) {
      const name = keyIn(request, rules);
      return found((await repository.delete(name)) ? {} : undefined, name);
    },
  };
}

function keyIn<Row, Key extends KeyOf<Row>>(
  holder: KeyRequest<Row, Key>,
  { key }: CrudModel<Row, Key>,
  prefix = '',
): Row[Key] {
  const value = holder[key.name];
  if (isPopulated(key, value)) return value;
  return refuse(`${prefix}${key.spec.name} is missing`);
}

/** A key that requests can name: of the field's type, and not its zero. */
async function madeKey<Row, Key extends KeyOf<Row>>({
  key,
  newKey,
  codec,
  service,
}: CrudRules<Row, Key>): Promise<Row[Key]> {
  if (newKey === undefined) return refuse(`item.${key.spec.name} is missing`);
  const made = await newKey();
  // What does not fit the field is refused here, not when the row that has it is stored.
  const row = codec.decode(codec.encode({ [key.name]: made } as SomeFields<Row>));
  if (isPopulated(key, row[key.name])) return row[key.name];
  throw new TypeError(`${service}: newKey must make a key, got ${describeValue(made)}`);
}

function checkRepository(service: string, repository: unknown): void {
  for (const method of METHODS) {
    const given = (repository as { [name: string]: unknown } | null | undefined)?.[method];
    if (typeof given === 'function') continue;
    throw new TypeError(
      `${service} handlers() takes a repository with ${METHODS.join(', ')}, ` +
        `got ${describeValue(repository)}`,
    );
  }
}

function shown(key: unknown): string {
  return typeof key === 'string' ? `'${key.slice(0, 80)}'` : String(key);
}
