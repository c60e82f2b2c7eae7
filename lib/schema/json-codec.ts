import { describeValue } from '../base/describe-value.js';
import type { Codec } from './codec.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * A codec for values as JSON in UTF-8. What `JSON.stringify` does to a value is what the peer gets:
 * dates become strings, properties that are `undefined` are left out.
 *
 * `encode` throws a `TypeError` for what has no JSON: `undefined`, functions, symbols, a BigInt, a
 * cycle. `decode` throws a `TypeError` for bytes that are not UTF-8, a `SyntaxError` for text that
 * is not JSON; that it fits `T` is taken on trust.
 */
export function json<T>(): Codec<T> {
  return shared;
}

const shared: Codec<never> = {
  encode(value: unknown): Uint8Array {
    // The typings of stringify leave out that it may give undefined.
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined)
      throw new TypeError(`expected a value with a JSON form, got ${describeValue(value)}`);
    return Buffer.from(text, 'utf8');
  },
  decode(bytes: Uint8Array): never {
    return JSON.parse(decoder.decode(bytes)) as never;
  },
};
