import { describeValue } from '../base/describe-value.js';
import type { ReadStream } from './read-stream.js';
import type { WriteStream } from './write-stream.js';

/** Throws a TypeError unless `value` looks like a ReadStream; by shape, as it may be a wrapper. */
export function checkReadStream(
  what: string,
  value: unknown,
): asserts value is ReadStream<unknown> {
  checkMethods(what, value, 'a ReadStream', ['read', 'ready', 'values']);
}

/** Throws a TypeError unless `value` looks like a WriteStream. */
export function checkWriteStream(
  what: string,
  value: unknown,
): asserts value is WriteStream<unknown> {
  checkMethods(what, value, 'a WriteStream', ['write', 'writeAll', 'doneWriting']);
}

function checkMethods(what: string, value: unknown, kind: string, names: string[]): void {
  const object = Object(value) as Record<string, unknown>;
  for (const name of names) {
    if (typeof object[name] === 'function') continue;
    throw new TypeError(`${what} must be ${kind}, got ${describeValue(value)} without ${name}()`);
  }
}
