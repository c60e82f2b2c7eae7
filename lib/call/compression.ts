import { checkOneOf } from '../base/check-one-of.js';

const COMPRESSIONS = ['identity', 'gzip', 'deflate'] as const;

/** How messages are compressed; 'identity' is not at all. */
export type Compression = (typeof COMPRESSIONS)[number];

/** Throws, naming the option, unless `value` is the name of a compression. */
export function checkCompression(name: string, value: unknown): asserts value is Compression {
  checkOneOf(name, value, COMPRESSIONS);
}
