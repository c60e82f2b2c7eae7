import type { CreateUserRow, User } from './service.js';

/** Users in memory, in the order of their ids. */
export class UserStore {
  readonly #users = new Map<bigint, User>();
  readonly #emails = new Set<string>();

  get size(): number {
    return this.#users.size;
  }

  get(id: bigint): User | undefined {
    return this.#users.get(id);
  }

  /** The users of a country, or of all, a page at a time. */
  *pages(country: string, pageSize: number): Generator<User[]> {
    const users = [...this.#users.values()].filter(
      (user) => country === '' || user.country === country,
    );
    for (let i = 0; i < users.length; i += pageSize) yield users.slice(i, i + pageSize);
  }

  /** Creates the user of a row, or tells what is wrong with it. */
  create(row: CreateUserRow): string | undefined {
    const { raw, name, email, age, country } = row;
    if (raw !== '') return 'cannot be read as name, email, age and country';
    if (name === '') return 'the name is empty';
    if (email === '') return 'the email is missing';
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) return 'the email has no @ between two parts';
    if (age === undefined) return 'the age is no whole number';
    if (age < 0) return 'the age is negative';
    if (age > 150) return 'the age is over 150';
    if (this.#emails.has(email.toLowerCase())) return 'the email is taken';
    this.#emails.add(email.toLowerCase());
    const id = BigInt(this.size + 1);
    const createdAt = { seconds: BigInt(Math.floor(Date.now() / 1_000)), nanos: 0 };
    this.#users.set(id, { id, name, email, age, country, createdAt });
    return undefined;
  }
}
