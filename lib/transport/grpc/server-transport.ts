import {
  addAdminServicesToServer,
  type ChannelOptions,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerMethodDefinition,
  type ServerOptions,
} from '@grpc/grpc-js';
import { ignore } from '../../base/deferred.js';
import type { AcceptCall, ListenResult, ServerTransport } from '../../call/server-transport.js';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import { NO_AUTH } from '../../context/auth-context.js';
import { DEFAULT_LIMITS } from '../listening/default-limits.js';
import { type Gate, gateOf } from '../listening/gate.js';
import { Listener } from '../listening/listener.js';
import { checkServerTls } from '../tls/check-tls-options.js';
import { TlsSource } from '../tls/tls-source.js';
import { Connection, type Patience } from './connection.js';
import { guardSessions } from './guard-sessions.js';
import { checkServerLimits, patienceOf, toServerChannelOptions } from './server-limits.js';
import { GrpcServerWire, type WireHost } from './server-wire.js';

/** Calls that come in over a grpc-js server, behind listening sockets of our own. */
export class GrpcServerTransport implements ServerTransport {
  readonly #server: Server;
  readonly #accepts = new Map<string, AcceptCall>();
  readonly #listeners: Listener<Connection>[] = [];
  readonly #gate: Gate;
  readonly #patience: Patience;
  readonly #tls: TlsSource | undefined;
  #draining = false;

  /** @param admin - also answers grpc-js's admin services, channelz among them */
  constructor(channelOptions: ChannelOptions, limits: ServerTransportOptions, admin = false) {
    checkServerLimits(limits);
    if (limits.tls !== undefined) {
      checkServerTls(limits.tls);
      this.#tls = new TlsSource(limits.tls);
    }
    const merged = { ...toServerChannelOptions(limits), ...channelOptions };
    this.#gate = gateOf(limits, this.#tls);
    this.#patience = patienceOf(merged);
    const host = this.#hostOf(limits);
    const options: ServerOptions = {
      ...merged,
      interceptors: [(definition, call) => this.#take(definition, call, host)],
    };
    this.#server = new Server(options);
    guardSessions(this.#server);
    if (admin) addAdminServicesToServer(this.#server);
  }

  handle(path: string, requestStream: boolean, accept: AcceptCall): void {
    // The handler is never reached: the interceptor takes the call before.
    const kind = requestStream ? 'bidi' : 'serverStream';
    this.#server.register(path, ignore, identity, identity, kind);
    this.#accepts.set(path, accept);
  }

  async listen(address: string): Promise<ListenResult> {
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    const listener = new Listener((socket, auth) => {
      const connection = new Connection(socket, auth, this.#patience);
      injector.injectConnection(socket);
      return connection;
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
    await new Promise<void>((resolve, reject) => {
      this.#server.tryShutdown((error) => (error ? reject(error) : resolve()));
    });
  }

  destroy(): void {
    this.#server.forceShutdown();
    for (const listener of this.#listeners) listener.destroy();
  }

  /** Takes a call for the server; those of the admin services are grpc-js's own. */
  #take(
    { path, requestStream }: ServerMethodDefinition<unknown, unknown>,
    call: ServerInterceptingCallInterface,
    host: WireHost,
  ): ServerInterceptingCall {
    const accept = this.#accepts.get(path);
    return accept === undefined
      ? new ServerInterceptingCall(call)
      : new GrpcServerWire(call, requestStream, accept, host);
  }

  #hostOf({ maxMetadataSize }: ServerTransportOptions): WireHost {
    const secure = this.#tls !== undefined;
    return {
      maxMetadataSize: maxMetadataSize ?? DEFAULT_LIMITS.maxMetadataSize,
      fallbackAuth: secure ? { secure, peerCertificate: undefined } : NO_AUTH,
      connectionOf: (key) => {
        for (const listener of this.#listeners) {
          const connection = listener.connectionOf(key);
          if (connection !== undefined) return connection;
        }
        return undefined;
      },
    };
  }
}

function identity(bytes: Buffer): Buffer {
  return bytes;
}
