import type { ClientHttp2Stream } from 'node:http2';
import { addAbortSignal } from 'node:stream';

/**
 * Resets a stream with CANCEL, at once: `close` would half-close it first, and a server could take
 * half of an upload for all of it. As with a `signal` of its own, which every call would pay for.
 */
export function abortStream(stream: ClientHttp2Stream): void {
  addAbortSignal(ABORTED, stream);
}

const ABORTED = AbortSignal.abort();
