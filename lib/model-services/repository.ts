/** The fields that a row can be found by: texts and whole numbers that every row has. */
export type KeyOf<Row> = {
  [Field in keyof Row]-?: Row[Field] extends string | number | bigint ? Field : never;
}[keyof Row] &
  string;

/** How a condition compares a field. A field that is unset fulfils none. */
export type RowComparison = 'equals' | 'atLeast' | 'above' | 'atMost' | 'below';

/** One condition on a row. */
export interface RowCondition<Row> {
  readonly field: keyof Row & string;
  readonly test: RowComparison;
  /** Of the field's own type. */
  readonly value: string | number | bigint | boolean;
}

/**
 * A field that rows are in the order of. Unset comes before everything else, and NaN next. How texts go
 * is up to the repository, as long as conditions and `after` go the same way.
 */
export interface RowOrder<Row> {
  readonly field: keyof Row & string;
  readonly descending: boolean;
}

/** Some fields of a row. `undefined` is a field that is unset. */
export type SomeFields<Row> = { readonly [Field in keyof Row]?: Row[Field] | undefined };

/** Which rows are wanted, and in which order. All names are those of the fields in code. */
export interface RowQuery<Row> {
  /** A row must fulfil all of them. */
  readonly filter: readonly RowCondition<Row>[];
  /** The first counts most; the key is always the last, so no two rows are equal. */
  readonly order: readonly RowOrder<Row>[];
  /** Only rows behind this one, which has the fields of `order`; the row itself may be gone by now. */
  readonly after: SomeFields<Row> | undefined;
  /** How many rows are enough; `undefined` when all are wanted. */
  readonly limit: number | undefined;
  /** Aborts when nobody waits for the rows any more. */
  readonly signal: AbortSignal;
}

/**
 * Where the rows of a model service are. All methods may be called concurrently. A method that
 * rejects with an `RpcError` ends the call with that status; any other error is a bug, as in handlers.
 *
 * @typeParam Row - a message, as decoding gives it
 * @typeParam Key - what rows are found by
 */
export interface Repository<Row, Key> {
  /** The row; `undefined` if there is none. */
  get(key: Key): Promise<Row | undefined>;
  /** Adds a row and gives it as it is stored; `undefined` if its key is taken. */
  create(row: Row): Promise<Row | undefined>;
  /**
   * Changes the fields that are named, in one step, and gives the whole row as it is now; `undefined`
   * if there is none. A change to `undefined` unsets the field. The key is never among them; there may
   * be no changes at all.
   */
  update(key: Key, changes: SomeFields<Row>): Promise<Row | undefined>;
  /** Removes the row; `false` if there is none. */
  delete(key: Key): Promise<boolean>;
  /**
   * The rows, pulled one by one as there is room for them: hold a cursor, not a list. `return()` is
   * called when no more are wanted.
   */
  find(query: RowQuery<Row>): AsyncIterable<Row>;
}
