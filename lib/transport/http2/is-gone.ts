import type { Http2Stream } from 'node:http2';

/** Whether nothing can be sent on a stream any more. */
export function isGone(stream: Http2Stream): boolean {
  return stream.destroyed || stream.closed;
}
