import { describeValue } from '../base/describe-value.js';
import { compareValues } from './compare-values.js';
import type {
  KeyOf,
  Repository,
  RowComparison,
  RowCondition,
  RowQuery,
  SomeFields,
} from './repository.js';

const TESTS: { readonly [Name in RowComparison]: (compared: number) => boolean } = {
  equals: (compared) => compared === 0,
  atLeast: (compared) => compared >= 0,
  above: (compared) => compared > 0,
  atMost: (compared) => compared <= 0,
  below: (compared) => compared < 0,
};

/**
 * A repository in memory, for tests, prototypes and small tables: `find` sorts what it has found,
 * texts by their UTF-16 units. A `find` that has begun goes on with the rows of that moment. Rows are
 * kept as they are given and given as they are kept: do not change them.
 *
 * ```ts
 * const books = new MemoryRepository<Book, 'id'>('id');
 * ```
 */
export class MemoryRepository<Row extends object, Key extends KeyOf<Row>>
  implements Repository<Row, Row[Key]>
{
  readonly #key: Key;
  readonly #rows = new Map<Row[Key], Row>();

  /**
   * @param key - the field that rows are found by
   * @param rows - what is there from the start
   * @throws {TypeError} when the key is no name, or two of the rows have the same
   */
  constructor(key: Key, rows: Iterable<Row> = []) {
    if (typeof key !== 'string') {
      throw new TypeError(
        `MemoryRepository takes the name of its key field, got ${describeValue(key)}`,
      );
    }
    this.#key = key;
    for (const row of rows) {
      if (this.#add(row)) continue;
      throw new TypeError(
        `MemoryRepository got two rows whose ${key} is ${describeValue(row[key])}`,
      );
    }
  }

  /** How many rows there are. */
  get size(): number {
    return this.#rows.size;
  }

  async get(key: Row[Key]): Promise<Row | undefined> {
    return this.#rows.get(key);
  }

  async create(row: Row): Promise<Row | undefined> {
    return this.#add(row) ? row : undefined;
  }

  async update(key: Row[Key], changes: SomeFields<Row>): Promise<Row | undefined> {
    const old = this.#rows.get(key);
    if (old === undefined) return undefined;
    const fields = Object.entries({ ...old, ...changes }).filter(([, each]) => each !== undefined);
    const row = Object.fromEntries(fields) as Row;
    this.#rows.set(key, row);
    return row;
  }

  async delete(key: Row[Key]): Promise<boolean> {
    return this.#rows.delete(key);
  }

  async *find({
    filter,
    order,
    after,
    limit,
  }: RowQuery<Row>): AsyncGenerator<Row, void, undefined> {
    const compare = (a: SomeFields<Row>, b: SomeFields<Row>): number => {
      for (const { field, descending } of order) {
        const compared = compareValues(a[field], b[field]);
        if (compared !== 0) return descending ? -compared : compared;
      }
      return 0;
    };
    const wanted = (row: Row): boolean =>
      filter.every((each) => fulfils(row, each)) && (!after || compare(row, after) > 0);
    const found = [...this.#rows.values()].filter(wanted).sort(compare);
    for (const row of limit === undefined ? found : found.slice(0, limit)) yield row;
  }

  #add(row: Row): boolean {
    const key = row[this.#key];
    if (this.#rows.has(key)) return false;
    this.#rows.set(key, row);
    return true;
  }
}

function fulfils<Row>(row: Row, { field, test, value }: RowCondition<Row>): boolean {
  const actual: unknown = row[field];
  // NaN is neither above nor below anything.
  if (actual === undefined || Number.isNaN(actual) || Number.isNaN(value)) return false;
  return TESTS[test](compareValues(actual, value));
}
