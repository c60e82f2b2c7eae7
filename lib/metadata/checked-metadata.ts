import { checkEntry, checkKey } from './check-entry.js';
import { Metadata, type MetadataEntry } from './metadata.js';

/** Metadata that says at once what it cannot hold, naming the key. */
export class CheckedMetadata extends Metadata {
  readonly #what: string;

  /** @param what - names it in errors; in `trailers` status details are welcome */
  constructor(what: string) {
    super();
    this.#what = what;
  }

  /** @throws {TypeError} for a key or value that metadata cannot hold */
  override set(key: string, value: MetadataEntry): void {
    super.set(key, this.#checked(key, value));
  }

  /** @throws {TypeError} for a key or value that metadata cannot hold */
  override add(key: string, value: MetadataEntry): void {
    super.add(key, this.#checked(key, value));
  }

  #checked(key: unknown, value: MetadataEntry): string | Buffer {
    const lower = String(key).toLowerCase();
    checkKey(this.#what, lower);
    checkEntry(this.#what, lower, value);
    return typeof value === 'string' ? value : Buffer.from(value);
  }
}
