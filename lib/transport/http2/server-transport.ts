import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { ignore } from '../../base/deferred.js';
import type { AcceptCall, ListenResult, ServerTransport } from '../../call/server-transport.js';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import { type Gate, gateOf } from '../listening/gate.js';
import { Listener } from '../listening/listener.js';
import { checkServerTls } from '../tls/check-tls-options.js';
import { TlsSource } from '../tls/tls-source.js';
import { ServerSession } from './server-session.js';
import { type CallConnection, Http2ServerWire } from './server-wire.js';

/** Calls that come in straight over HTTP/2. */
export class Http2ServerTransport implements ServerTransport {
  readonly #limits: ServerTransportOptions;
  readonly #accepts = new Map<string, AcceptCall>();
  readonly #listeners: Listener<ServerSession>[] = [];
  readonly #sessions = new Set<ServerSession>();
  readonly #gate: Gate;
  readonly #tls: TlsSource | undefined;
  #draining = false;
  #onIdle = ignore;

  constructor(limits: ServerTransportOptions) {
    this.#limits = limits;
    if (limits.tls !== undefined) {
      checkServerTls(limits.tls);
      this.#tls = new TlsSource(limits.tls);
    }
    this.#gate = gateOf(limits, this.#tls);
  }

  handle(path: string, _requestStream: boolean, accept: AcceptCall): void {
    this.#accepts.set(path, accept);
  }

  async listen(address: string): Promise<ListenResult> {
    const { maxConcurrentStreams = 1_000 } = this.#limits;
    const listener = new Listener((socket, auth) => {
      const session = new ServerSession(socket, auth, maxConcurrentStreams, this.#take);
      this.#sessions.add(session);
      session.whenClosed(() => {
        this.#sessions.delete(session);
        if (this.#sessions.size === 0) this.#onIdle();
      });
      return session;
    }, this.#gate);
    const result = await listener.listen(address);
    this.#tls?.watch();
    this.#listeners.push(listener);
    if (this.#draining) listener.destroy();
    return result;
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#tls?.close();
    for (const listener of this.#listeners) listener.close();
    for (const session of this.#sessions) session.drain();
    if (this.#sessions.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
    for (const listener of this.#listeners) listener.destroy();
  }

  readonly #take = (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    connection: CallConnection,
  ): void => {
    const path = headers[':path'] ?? '';
    const accept = this.#accepts.get(path);
    if (accept === undefined) {
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': '12',
          'grpc-message': `The server does not implement the method ${path}`,
        },
        { endStream: true },
      );
      return;
    }
    const { maxReceiveMessageSize = 4 * 1024 * 1024 } = this.#limits;
    new Http2ServerWire(stream, headers, connection, maxReceiveMessageSize, accept);
  };
}
