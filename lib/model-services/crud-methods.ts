import type { CallContext } from '../context/call-context.js';
import type { ServerStream, Unary } from '../schema/method-descriptor.js';
import type { Source } from '../streams/source.js';
import type { RowFilter, RowFilterInput } from './row-filter.js';

/** Asks for a stream of rows. */
export interface StreamRequest<Row> {
  filter?: RowFilter<Row> | undefined;
  /** Such as `price desc, title`; `''` is the order of the keys. */
  orderBy: string;
}

/** Asks for a page of rows. */
export interface ListRequest<Row> extends StreamRequest<Row> {
  /** At most so many rows; 0 leaves it to the server. */
  pageSize: number;
  /** The `nextPageToken` of the page before, of the same filter and order; `''` for the first. */
  pageToken: string;
}

/** A page of rows. */
export interface ListResponse<Row> {
  items: Row[];
  /** What to ask for the next page with; `''` on the last. */
  nextPageToken: string;
}

/** Adds a row. */
export interface CreateRequest<Row> {
  item?: Row | undefined;
}

/** Changes a row, which is the one that has the item's key. */
export interface UpdateRequest<Row> {
  item?: Row | undefined;
  /** Names of fields to change; without it, those that are set in the item. */
  updateMask?: { paths: string[] } | undefined;
}

/** A {@link StreamRequest} as it may be written. */
export interface StreamRequestInput<Row> {
  readonly filter?: RowFilterInput<Row> | null | undefined;
  readonly orderBy?: string | null | undefined;
}

/** A {@link ListRequest} as it may be written. */
export interface ListRequestInput<Row> extends StreamRequestInput<Row> {
  readonly pageSize?: number | null | undefined;
  readonly pageToken?: string | null | undefined;
}

/** A {@link CreateRequest} as it may be written. */
export interface CreateRequestInput<Input> {
  readonly item?: Input | null | undefined;
}

/** An {@link UpdateRequest} as it may be written. */
export interface UpdateRequestInput<Input> extends CreateRequestInput<Input> {
  readonly updateMask?:
    | { readonly paths?: readonly string[] | null | undefined }
    | null
    | undefined;
}

/** The key of a row, under the key's name. */
export type KeyRequest<Row, Key extends keyof Row> = { [Name in Key]: Row[Name] };

/** A {@link KeyRequest} as it may be written. */
export type KeyRequestInput<Row, Key extends keyof Row> = {
  readonly [Name in Key]?:
    | (Row[Name] extends bigint ? bigint | number : Row[Name])
    | null
    | undefined;
};

/** `google.protobuf.Empty`. */
export type EmptyMessage = Record<never, never>;

/**
 * The methods of a model service.
 *
 * @typeParam Row - a row as it is read
 * @typeParam Input - a row as clients write it
 * @typeParam Key - the field that rows are found by
 */
export interface CrudMethods<Row, Input, Key extends keyof Row> {
  readonly list: Unary<ListRequest<Row>, ListResponse<Row>, ListRequestInput<Row>>;
  readonly stream: ServerStream<StreamRequest<Row>, Row, StreamRequestInput<Row>>;
  readonly get: Unary<KeyRequest<Row, Key>, Row, KeyRequestInput<Row, Key>>;
  readonly create: Unary<CreateRequest<Row>, Row, CreateRequestInput<Input>>;
  readonly update: Unary<UpdateRequest<Row>, Row, UpdateRequestInput<Input>>;
  readonly delete: Unary<KeyRequest<Row, Key>, EmptyMessage, KeyRequestInput<Row, Key>>;
}

/** What `server.add` takes for a model service; any of them can be replaced by one of your own. */
export interface CrudHandlers<Row, Key extends keyof Row> {
  list(request: ListRequest<Row>, ctx: CallContext): Promise<ListResponse<Row>>;
  stream(request: StreamRequest<Row>, ctx: CallContext): Source<Row>;
  get(request: KeyRequest<Row, Key>, ctx: CallContext): Promise<Row>;
  create(request: CreateRequest<Row>, ctx: CallContext): Promise<Row>;
  update(request: UpdateRequest<Row>, ctx: CallContext): Promise<Row>;
  delete(request: KeyRequest<Row, Key>, ctx: CallContext): Promise<EmptyMessage>;
}
