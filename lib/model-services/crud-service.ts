import { checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { DefineServiceOptions } from '../code-first/define-service.js';
import { type MessageType, specOf } from '../code-first/message-type.js';
import { checkServiceName, lastOf } from '../code-first/type-name.js';
import type { Codec } from '../schema/codec.js';
import type { ServiceDescriptor } from '../schema/service-descriptor.js';
import { crudHandlers } from './crud-handlers.js';
import { crudDescriptor } from './crud-messages.js';
import type { CrudHandlers, CrudMethods } from './crud-methods.js';
import { type CrudHandlerOptions, crudRules } from './crud-rules.js';
import type { KeyOf, Repository, SomeFields } from './repository.js';
import { type RowField, RowFields } from './row-fields.js';
import { filterMessage } from './row-filter.js';

/** What can be said of a model service. */
export interface CrudOptions<Row, Key extends KeyOf<Row>> extends DefineServiceOptions {
  /** The field that rows are found by: a text or a whole number. Its zero counts as missing. */
  readonly key: Key;
  /** What methods and messages call many rows, `Books`; by default the last name of the service. */
  readonly plural?: string | undefined;
}

/** A model service: what stubs take, and the handlers that `server.add` takes with it. */
export interface CrudService<Row, Input, Key extends KeyOf<Row>>
  extends ServiceDescriptor<CrudMethods<Row, Input, Key>> {
  /**
   * The handlers over a repository. They check requests before it gets them.
   *
   * @throws {TypeError | RangeError} for what is no repository, or naming the option that does not fit
   */
  readonly handlers: (
    repository: Repository<Row, Row[Key]>,
    options?: CrudHandlerOptions<Row, Key>,
  ) => CrudHandlers<Row, Key>;
}

const KEYS = new Set(
  ['string', 'int', 'uint', 'sint', 'fixed', 'sfixed'].flatMap((kind) =>
    kind === 'string' ? kind : [`${kind}32`, `${kind}64`],
  ),
);

/**
 * A service to list, stream, get, create, update and delete messages of one type. `.proto` and types
 * come from the message; where the rows are is said with the handlers, so clients need none of it.
 *
 * ```ts
 * const Books = crudService('library.v1.Books', Book, { key: 'id' });
 * server.add(Books, Books.handlers(repository));
 * client.stub(Books);
 * ```
 * As with `defineService`, a name is there once: what both sides use is a constant of a module.
 *
 * @param name - the full name of the service; its last part is what rows are called together
 * @param type - made by `message`
 * @throws {TypeError} naming what does not fit: a name, the type, the key, an option
 */
export function crudService<Row extends object, Input, const Key extends KeyOf<Row>>(
  name: string,
  type: MessageType<Row, Input>,
  options: CrudOptions<NoInfer<Row>, Key>,
): CrudService<Row, Input, Key> {
  checkServiceName('crudService()', name);
  const what = `crudService('${name}')`;
  const spec = specOf(type);
  if (spec === undefined) {
    throw new TypeError(`${what} takes a message made by message(), got ${describeValue(type)}`);
  }
  checkOptions(what, options, ['key', 'plural', 'comment', 'protos']);
  const { comment, protos, plural = lastOf(name) } = options;
  checkPlural(what, plural);
  const fields = new RowFields<Row>(spec);
  const key = keyField(what, fields, options.key);
  const parts = { name, one: fields.owner, many: plural, type, filter: filterMessage(fields), key };
  const service = crudDescriptor<Row, Input, Key>(parts, { comment, protos });
  // A part of a row can be written: every field may be left out.
  const codec = type as unknown as Codec<Row, SomeFields<Row>>;
  const handlers: CrudService<Row, Input, Key>['handlers'] = (repository, options = {}) =>
    crudHandlers(repository, crudRules({ service: name, fields, key, codec }, options));
  // Not by spreading it: its schema is a getter, to be called when somebody asks.
  const all = {
    ...Object.getOwnPropertyDescriptors(service),
    handlers: { value: handlers, enumerable: true },
  };
  return Object.freeze(Object.defineProperties({}, all)) as CrudService<Row, Input, Key>;
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

function checkPlural(what: string, plural: unknown): void {
  if (typeof plural === 'string' && /^[A-Z]\w*$/.test(plural)) return;
  throw new TypeError(
    `${what}.plural must be a name such as 'Books', got ${describeValue(plural)}`,
  );
}
