import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { ignore } from '../../base/deferred.js';
import type { AcceptCall, ListenResult, ServerTransport } from '../../call/server-transport.js';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import { Status } from '../../status/status.js';
import { DEFAULT_LIMITS } from '../listening/default-limits.js';
import { type Gate, gateOf } from '../listening/gate.js';
import { Listener } from '../listening/listener.js';
import { checkServerTls } from '../tls/check-tls-options.js';
import { TlsSource } from '../tls/tls-source.js';
import { DEFAULT_MESSAGE_SIZE } from './default-message-size.js';
import { IncomingRequest } from './incoming-request.js';
import { isGone } from './is-gone.js';
import { refuseRequest } from './refuse-request.js';
import { type RequestFault, requestFault } from './request-fault.js';
import { ServerSession, type SessionHost } from './server-session.js';
import { type CallConnection, Http2ServerWire, type WireOptions } from './server-wire.js';

/** Calls that come in straight over HTTP/2. */
export class Http2ServerTransport implements ServerTransport {
  readonly #accepts = new Map<string, AcceptCall>();
  readonly #listeners: Listener<ServerSession>[] = [];
  readonly #sessions = new Set<ServerSession>();
  readonly #host: SessionHost;
  readonly #wireOptions: WireOptions;
  readonly #maxMetadataSize: number;
  readonly #gate: Gate;
  readonly #tls: TlsSource | undefined;
  #draining = false;
  #onIdle = ignore;

  /** @param minPingInterval - milliseconds that are to pass between a client's pings */
  constructor(limits: ServerTransportOptions, minPingInterval: number) {
    const { maxReceiveMessageSize = DEFAULT_MESSAGE_SIZE, compression = 'identity' } = limits;
    this.#maxMetadataSize = limits.maxMetadataSize ?? DEFAULT_LIMITS.maxMetadataSize;
    this.#wireOptions = { maxReceiveMessageSize, compression };
    this.#host = { limits, minPingInterval, take: this.#take };
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
    const listener = new Listener((socket, auth) => {
      const session = new ServerSession(socket, auth, this.#host);
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
    // Given up in one breath with its headers.
    if (isGone(stream)) return;
    const fault = requestFault(headers);
    if (fault !== undefined) {
      refuseRequest(stream, fault);
      return;
    }
    const path = headers[':path'] ?? '';
    const accept = this.#accepts.get(path);
    const request = new IncomingRequest(headers);
    if (accept === undefined) refuseRequest(stream, unknownPath(path));
    else if (request.size > this.#maxMetadataSize) {
      refuseRequest(stream, tooLarge(request.size, this.#maxMetadataSize));
    } else new Http2ServerWire(stream, request, connection, this.#wireOptions, accept);
  };
}

function unknownPath(path: string): RequestFault {
  const details = `The server does not implement the method ${path}`;
  return { code: Status.UNIMPLEMENTED, details };
}

function tooLarge(size: number, most: number): RequestFault {
  const details = `request headers of ${size} bytes are more than the ${most} allowed`;
  return { code: Status.RESOURCE_EXHAUSTED, details };
}
