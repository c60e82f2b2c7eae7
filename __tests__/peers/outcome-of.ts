import { type CallOptions, RpcError } from 'tributary';
import { headersOf } from './grpc-metadata.js';
import type { Headers, Outcome } from './peer.js';

/** Takes the answers of a call of Tributary's own client until it ends, in whatever way. */
export async function outcomeOf<Answer>(
  callWith: (options: CallOptions) => AsyncIterable<Answer>,
  options: CallOptions,
  onAnswer?: (answer: Answer) => void,
): Promise<Omit<Outcome, 'answers'> & { answers: Answer[] }> {
  const answers: Answer[] = [];
  let headers: Headers = {};
  let trailers: Headers = {};
  const listening: CallOptions = {
    ...options,
    onHeaders(came) {
      headers = headersOf(came);
    },
    onTrailers(came) {
      trailers = headersOf(came);
    },
  };
  const end = { code: 0, details: '' };
  try {
    for await (const answer of callWith(listening)) {
      answers.push(answer);
      onAnswer?.(answer);
    }
  } catch (error) {
    if (!RpcError.is(error)) throw error;
    Object.assign(end, { code: error.code, details: error.details });
  }
  return { answers, headers, trailers, ...end };
}
