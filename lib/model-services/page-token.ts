import { createHash } from 'node:crypto';
import type { Codec } from '../schema/codec.js';
import { refuse } from './refuse.js';
import type { RowOrder, SomeFields } from './repository.js';

const SUM_BYTES = 8;

/**
 * Page tokens: the fields of the order of a page's last row, as a message, and behind it a checksum over
 * these and all that the pages must have in common. It finds mistakes; it is no signature: a forged
 * token leads to no row that a filter could not.
 */
export class PageTokens<Row> {
  readonly #codec: Codec<Row, SomeFields<Row>>;

  constructor(codec: Codec<Row, SomeFields<Row>>) {
    this.#codec = codec;
  }

  /** @param question - what is the same for all pages */
  make(last: Row, order: readonly RowOrder<Row>[], question: string): string {
    const bytes = this.#codec.encode(placeOf(last, order));
    return Buffer.concat([bytes, checksum(bytes, question)]).toString('base64url');
  }

  /**
   * The place behind which to go on.
   *
   * @throws {RpcError} INVALID_ARGUMENT for what is no token, or one of another list
   */
  read(token: string, order: readonly RowOrder<Row>[], question: string): SomeFields<Row> {
    const all = Buffer.from(token, 'base64url');
    const bytes = all.subarray(0, -SUM_BYTES);
    const isOurs =
      all.length >= SUM_BYTES &&
      all.toString('base64url') === token &&
      checksum(bytes, question).equals(all.subarray(-SUM_BYTES));
    if (isOurs) {
      try {
        return placeOf(this.#codec.decode(bytes), order);
      } catch {
        // A sum that fits bytes which do not: somebody made it, and is told the same.
      }
    }
    return refuse('page_token: not the next_page_token of a list with this filter and order_by');
  }
}

function placeOf<Row>(row: Row, order: readonly RowOrder<Row>[]): SomeFields<Row> {
  const fields = order.map(({ field }) => [field, row[field]] as const);
  return Object.fromEntries(fields) as SomeFields<Row>;
}

function checksum(bytes: Uint8Array, question: string): Buffer {
  const sum = createHash('sha256').update(question).update('\0').update(bytes).digest();
  return sum.subarray(0, SUM_BYTES);
}
