import type { ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import { ignore } from '../../base/deferred.js';

interface StreamSource {
  prependListener(event: 'stream', listener: (stream: ServerHttp2Stream) => void): unknown;
}

/** grpc-js's servers of HTTP/2, which it keeps to itself. */
interface Inner {
  readonly http2Servers: ReadonlyMap<StreamSource, unknown>;
}

/**
 * Lets grpc-js refuse calls that are gone already, of the listener made last.
 *
 * A client may open a call and reset it in the first packet of its connection. Node tells of both when
 * it has read all of it; then grpc-js answers a call that it does not know, Node throws, and nobody is
 * there to catch it. `__tests__/transport/first-packet.test.ts` tells when this is mended.
 */
export function spareLostStreams(server: Server): void {
  const [newest] = [...(server as unknown as Inner).http2Servers.keys()].slice(-1);
  newest?.prependListener('stream', (stream) => {
    if (stream.destroyed || stream.closed) stream.respond = ignore;
  });
}
