import type { Database, SqlValue } from 'sql.js';
import {
  type KeyOf,
  type Repository,
  type RowQuery,
  RpcError,
  type SomeFields,
  Status,
} from 'tributary';
import { column, type SqlText, sqlQuery } from './sql-query.js';

/** The fields that a column holds as they are. Others would have to be converted both ways. */
export type Plain<Row> = { readonly [Field in keyof Row]: string | number | undefined };

/** The rows of a table whose columns are named as the fields; NULL is what is unset. */
export class SqlRepository<Row extends Plain<Row>, Key extends KeyOf<Row>>
  implements Repository<Row, Row[Key]>
{
  readonly #db: Database;
  readonly #table: string;
  readonly #key: string;

  constructor(db: Database, table: string, key: Key) {
    this.#db = db;
    this.#table = column(table);
    this.#key = column(key);
  }

  async get(key: Row[Key]): Promise<Row | undefined> {
    return this.#first(`SELECT * FROM ${this.#table} WHERE ${this.#key} = ?`, [key]);
  }

  async create(row: Row): Promise<Row | undefined> {
    const names = Object.keys(row).map(column);
    const text =
      `INSERT INTO ${this.#table} (${names.join()}) VALUES (${names.map(() => '?').join()}) ` +
      `ON CONFLICT (${this.#key}) DO NOTHING RETURNING *`;
    return this.#first(text, Object.values(row).map(storable));
  }

  async update(key: Row[Key], changes: SomeFields<Row>): Promise<Row | undefined> {
    const sets = Object.keys(changes).map((name) => `${column(name)} = ?`);
    if (sets.length === 0) return this.get(key);
    const text = `UPDATE ${this.#table} SET ${sets.join()} WHERE ${this.#key} = ? RETURNING *`;
    return this.#first(text, [...Object.values(changes).map(storable), key]);
  }

  async delete(key: Row[Key]): Promise<boolean> {
    const text = `DELETE FROM ${this.#table} WHERE ${this.#key} = ? RETURNING *`;
    return this.#first(text, [key]) !== undefined;
  }

  /** A cursor: each row is read when it is asked for, and `return()` ends in the `finally`. */
  async *find(query: RowQuery<Row>): AsyncGenerator<Row, void, undefined> {
    const { text, values } = sqlQuery(query);
    yield* this.#rows({ text: `SELECT * FROM ${this.#table} ${text}`, values });
  }

  #first(text: string, values: readonly unknown[]): Row | undefined {
    for (const row of this.#rows({ text, values })) return row;
    return undefined;
  }

  *#rows({ text, values }: SqlText): Generator<Row, void, undefined> {
    const statement = this.#db.prepare(text);
    try {
      statement.bind(values.map((value) => value ?? null) as SqlValue[]);
      while (statement.step()) {
        const columns = Object.entries(statement.getAsObject());
        yield Object.fromEntries(columns.map(([name, value]) => [name, value ?? undefined])) as Row;
      }
    } finally {
      statement.free();
    }
  }
}

/** SQLite would store NaN as NULL, without a word. */
function storable(value: unknown): unknown {
  if (!Number.isNaN(value)) return value;
  throw new RpcError(Status.INVALID_ARGUMENT, 'NaN cannot be stored');
}
