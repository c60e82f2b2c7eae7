import { checkCount, checkFunction, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { DefineServiceOptions } from '../code-first/define-service.js';
import { type MessageType, specOf } from '../code-first/message-type.js';
import { checkServiceName, lastOf } from '../code-first/type-name.js';
import type { Codec } from '../schema/codec.js';
import type { ServiceDescriptor } from '../schema/service-descriptor.js';
import { crudHandlers } from './crud-handlers.js';
import { crudDescriptor } from './crud-messages.js';
import type { CrudHandlers, CrudMethods } from './crud-methods.js';
import type { KeyOf, Repository, SomeFields } from './repository.js';
import { type RowField, RowFields } from './row-fields.js';
import { filterMessage } from './row-filter.js';

/** What can be said of a model service. */
export interface CrudOptions<Row, Key extends KeyOf<Row>> extends DefineServiceOptions {
  /** The field that rows are found by: a text or a whole number. Its zero counts as missing. */
  readonly key: Key;
  /** What methods and messages call many rows, `Books`; by default the last name of the service. */
  readonly plural?: string | undefined;
  /** Makes the key of a row that is created without one. Without it such a row is refused. */
  readonly newKey?: (() => Row[Key] | Promise<Row[Key]>) | undefined;
  /** How many rows a page has if the request does not say. Default 50. */
  readonly pageSize?: number | undefined;
  /** How many rows a page has at most, whatever the request says. Default 1000. */
  readonly maxPageSize?: number | undefined;
}

/** A model service: what stubs take, and what `server.add` takes with it. */
export interface CrudService<Row, Input, Key extends keyof Row> {
  readonly service: ServiceDescriptor<CrudMethods<Row, Input, Key>>;
  readonly handlers: CrudHandlers<Row, Key>;
}

const OPTIONS = ['key', 'plural', 'newKey', 'pageSize', 'maxPageSize', 'comment', 'protos'];
const METHODS = ['get', 'create', 'update', 'delete', 'find'] as const;
const KEYS = new Set(
  ['string', 'int', 'uint', 'sint', 'fixed', 'sfixed'].flatMap((kind) =>
    kind === 'string' ? kind : [`${kind}32`, `${kind}64`],
  ),
);

/**
 * A service to list, stream, get, create, update and delete messages of one type that a repository
 * holds. `.proto` and types come from the message.
 *
 * ```ts
 * const { service, handlers } = crudService('library.v1.Books', Book, repository, { key: 'id' });
 * server.add(service, handlers);
 * ```
 * @param name - the full name of the service; its last part is what rows are called together
 * @param type - made by `message`
 * @throws {TypeError | RangeError} naming what does not fit: a name, the type, the key, an option
 */
export function crudService<Row extends object, Input, const Key extends KeyOf<Row>>(
  name: string,
  type: MessageType<Row, Input>,
  repository: Repository<NoInfer<Row>, NoInfer<Row>[NoInfer<Key>]>,
  options: CrudOptions<NoInfer<Row>, Key>,
): CrudService<Row, Input, Key> {
  checkServiceName('crudService()', name);
  const what = `crudService('${name}')`;
  const spec = specOf(type);
  if (spec === undefined) {
    throw new TypeError(`${what} takes a message made by message(), got ${describeValue(type)}`);
  }
  checkRepository(what, repository);
  checkOptions(what, options, OPTIONS);
  const { comment, protos, plural = lastOf(name), newKey, pageSize = 50 } = options;
  const { maxPageSize = 1000 } = options;
  checkPlural(what, plural);
  if (newKey !== undefined) checkFunction(`${what}.newKey`, newKey);
  checkPageSize(`${what}.maxPageSize`, maxPageSize);
  checkPageSize(`${what}.pageSize`, pageSize);
  const fields = new RowFields<Row>(spec);
  const key = keyField(what, fields, options.key);
  const parts = { name, one: fields.owner, many: plural, type, filter: filterMessage(fields), key };
  return {
    service: crudDescriptor<Row, Input, Key>(parts, { comment, protos }),
    handlers: crudHandlers<Row, Key>(repository, {
      service: name,
      fields,
      key,
      // A part of a row can be written: every field may be left out.
      codec: type as unknown as Codec<Row, SomeFields<Row>>,
      newKey,
      pageSize,
      maxPageSize,
    }),
  };
}

function keyField<Row, Key extends KeyOf<Row>>(
  what: string,
  fields: RowFields<Row>,
  key: Key,
): RowField<Row> & { readonly name: Key } {
  const found = fields.all.find(({ name }) => name === key);
  const { label, type } = found?.spec ?? {};
  if (found && found.oneof.length === 0 && label === 'implicit' && KEYS.has(String(type))) {
    return found as RowField<Row> & { readonly name: Key };
  }
  throw new TypeError(
    `${what}.key must name a text or a whole number that each ${fields.owner} has, ` +
      `got ${describeValue(key)}`,
  );
}

function checkRepository(what: string, repository: unknown): void {
  for (const method of METHODS) {
    const given = (repository as { [name: string]: unknown } | null | undefined)?.[method];
    if (typeof given === 'function') continue;
    throw new TypeError(
      `${what} takes a repository with ${METHODS.join(', ')}, got ${describeValue(repository)}`,
    );
  }
}

function checkPlural(what: string, plural: unknown): void {
  if (typeof plural === 'string' && /^[A-Z]\w*$/.test(plural)) return;
  throw new TypeError(
    `${what}.plural must be a name such as 'Books', got ${describeValue(plural)}`,
  );
}

function checkPageSize(name: string, size: unknown): void {
  checkCount(name, size, 1);
  if (size === Infinity) throw new RangeError(`${name} must be finite: a page is one message`);
}
