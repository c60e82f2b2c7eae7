import { constants, type ServerHttp2Stream } from 'node:http2';
import { isGone } from './is-gone.js';

/**
 * Tells a client that is still sending that nobody listens, once the status is on its way.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#early-server-closure
 */
export function stopClient(stream: ServerHttp2Stream): void {
  if (stream.readableEnded) return;
  setImmediate(() => {
    if (isGone(stream) || stream.readableEnded) return;
    stream.close(constants.NGHTTP2_NO_ERROR);
  });
}
