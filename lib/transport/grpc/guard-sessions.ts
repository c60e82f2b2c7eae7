import type { Server } from '@grpc/grpc-js';
import { ignore } from '../../base/deferred.js';
import { type EndingSession, endSafely } from '../listening/end-safely.js';

/** How grpc-js takes streams and sessions; which of the two, depends on its options. */
const STREAM_TAKERS = ['_streamHandler', '_channelzHandler'] as const;
const SESSION_TAKERS = ['_sessionHandler', '_channelzSessionHandler'] as const;

/** What this needs of HTTP/2. */
interface Stream {
  readonly destroyed: boolean;
  readonly closed: boolean;
  on(event: 'error', listener: () => void): unknown;
}
interface Sessions {
  on(event: 'session', listener: (session: EndingSession) => void): unknown;
}

/** What a grpc-js server keeps to itself, as far as it is there. */
type Insides = {
  [Name in (typeof STREAM_TAKERS)[number]]?: (
    interceptors: unknown,
    stream: Stream,
    headers: unknown,
  ) => void;
} & { [Name in (typeof SESSION_TAKERS)[number]]?: (sessions: Sessions) => unknown };

/**
 * Keeps from a grpc-js server what a client could end its process with; to be called before it listens.
 *
 * Streams that are over before it hears of them, as when the connection breaks behind their headers: it
 * answers those it has no method for, or that are no gRPC, without a look, and what Node throws then
 * nobody catches. And sessions that Node ends at the wrong moment: see `endSafely`.
 * `__tests__/transport/broken-frames.test.ts` tells when either is mended.
 */
export function guardSessions(server: Server): void {
  const insides = server as unknown as Insides;
  for (const name of STREAM_TAKERS) {
    const take = insides[name];
    insides[name] = (interceptors, stream, headers): void => {
      if (stream.destroyed || stream.closed) stream.on('error', ignore);
      else take?.call(server, interceptors, stream, headers);
    };
  }
  for (const name of SESSION_TAKERS) {
    const take = insides[name];
    insides[name] = (sessions): unknown => {
      sessions.on('session', endSafely);
      return take?.call(server, sessions);
    };
  }
}
