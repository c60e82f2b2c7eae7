import { bidiStream, bytes, json, serverStream, service, unary } from 'tributary';

export interface Text {
  text: string;
}

export interface Count {
  words: number;
  letters: Record<string, number>;
}

/**
 * A service without any `.proto`: a codec for the requests and one for the replies of each method,
 * and the types of stubs and handlers follow. On the wire it is gRPC like any other.
 */
export const TextTools = service('samples.TextTools', {
  /** Counts words and letters. */
  count: unary(json<Text>(), json<Count>()),
  /** The words of a text, the longest first. */
  words: serverStream(json<Text>(), json<string>()),
  /** Raw bytes both ways: each chunk comes back gzipped. */
  gzip: bidiStream(bytes, bytes),
});
