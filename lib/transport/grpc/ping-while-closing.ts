import type { Server } from '@grpc/grpc-js';

/** As much of Node's HTTP/2 sessions as this needs. */
interface Session {
  /** After a GOAWAY, of either side: no calls begin, those that are open go on. */
  readonly closed: boolean;
  readonly destroyed: boolean;
  ping(answered: Answered): boolean;
  settings(settings: object, acknowledged: Answered): void;
}

type Answered = (error: Error | null) => void;

interface SessionSource {
  on(event: 'session', listener: (session: Session) => void): unknown;
}

/** grpc-js's servers of HTTP/2, which it keeps to itself. */
interface Inner {
  readonly http2Servers: ReadonlyMap<SessionSource, unknown>;
}

/**
 * Lets grpc-js ping connections that are about to close, of the listener made last.
 *
 * Node sends no pings once a GOAWAY has come or gone, and returns nothing; grpc-js takes that for a
 * lost connection and cuts off every call on it at its next ping, whatever their grace. The peer is
 * asked by a SETTINGS frame without settings instead, which it has to acknowledge as well.
 * `__tests__/transport/keepalive.test.ts` tells when this is mended.
 */
export function pingWhileClosing(server: Server): void {
  const [newest] = [...(server as unknown as Inner).http2Servers.keys()].slice(-1);
  newest?.on('session', (session) => {
    const ping = session.ping.bind(session);
    session.ping = (answered) => {
      if (!session.closed || session.destroyed) return ping(answered);
      session.settings({}, answered);
      return true;
    };
  });
}
