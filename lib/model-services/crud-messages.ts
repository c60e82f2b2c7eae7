import { type DefineServiceOptions, defineService } from '../code-first/define-service.js';
import { Field } from '../code-first/field.js';
import { field } from '../code-first/fields.js';
import { message } from '../code-first/message.js';
import type { MessageType } from '../code-first/message-type.js';
import { wellKnown } from '../code-first/well-known.js';
import { serverStream, unary } from '../schema/method-definitions.js';
import type { ServiceDescriptor } from '../schema/service-descriptor.js';
import type { CrudMethods } from './crud-methods.js';
import type { RowField } from './row-fields.js';
import type { RowFilter, RowFilterInput } from './row-filter.js';

/** What the service is made of. */
export interface CrudParts<Row, Input> {
  /** The full name of the service. */
  readonly name: string;
  /** Such as `Book` and `Books`, for the names of methods and messages. */
  readonly one: string;
  readonly many: string;
  readonly type: MessageType<Row, Input>;
  readonly filter: MessageType<RowFilter<Row>, RowFilterInput<Row>>;
  readonly key: RowField<Row>;
}

/** The service with its messages. */
export function crudDescriptor<Row, Input, Key extends keyof Row>(
  parts: CrudParts<Row, Input>,
  options: DefineServiceOptions,
): ServiceDescriptor<CrudMethods<Row, Input, Key>> {
  const { name, one, many, type, filter } = parts;
  const Page = message(`List${many}Response`, {
    items: field.message(type, 1).repeated(),
    nextPageToken: field.string(2, 'empty on the last page'),
  });
  const listing = {
    filter: field.message(filter, 1),
    orderBy: field.string(2, 'fields, each with desc or not: price desc, title'),
  };
  const List = message(`List${many}Request`, {
    ...listing,
    pageSize: field.int32(3, '0 leaves it to the server'),
    pageToken: field.string(4, 'next_page_token of the page before'),
  });
  const Stream = message(`Stream${many}Request`, listing);
  const Create = message(`Create${one}Request`, { item: field.message(type, 1) });
  const Update = message(`Update${one}Request`, {
    item: field.message(type, 1),
    updateMask: field.message(wellKnown.FieldMask, 2, 'without it, what is set in the item'),
  });
  const service = defineService(
    name,
    {
      list: unary(List, Page, { name: `List${many}` }),
      stream: serverStream(Stream, type, { name: `Stream${many}` }),
      get: unary(keyMessage(`Get${one}Request`, parts), type, { name: `Get${one}` }),
      create: unary(Create, type, { name: `Create${one}` }),
      update: unary(Update, type, { name: `Update${one}` }),
      delete: unary(keyMessage(`Delete${one}Request`, parts), wellKnown.Empty, {
        name: `Delete${one}`,
      }),
    },
    options,
  );
  // The same types in words that do not depend on how the messages were put together.
  return service as unknown as ServiceDescriptor<CrudMethods<Row, Input, Key>>;
}

function keyMessage<Row, Input>(name: string, { key }: CrudParts<Row, Input>): MessageType<object> {
  const traits = { ...key.spec, number: 1, comment: undefined, deprecated: false };
  return message(name, { [key.name]: new Field(traits) }) as MessageType<object>;
}
