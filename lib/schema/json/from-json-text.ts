import { describeValue } from '../../base/describe-value.js';
import type { Codec } from '../codec.js';
import { fromJson } from './from-json.js';
import type { FromJsonOptions } from './json-options.js';
import { parseJson } from './parse-json.js';

/**
 * As {@link fromJson}, from the text itself: integers of any size are exact, and an object that has
 * a key twice is refused, where `JSON.parse` would keep the last.
 *
 * @throws SyntaxError for text that is not JSON, and what `fromJson` throws
 */
export function fromJsonText<Out, Input = Out>(
  type: Codec<Out, Input>,
  text: string,
  options: FromJsonOptions = {},
): Out {
  if (typeof text !== 'string') {
    throw new TypeError(`fromJsonText() takes text, got ${describeValue(text)}`);
  }
  return fromJson(type, parseJson(text), options);
}
