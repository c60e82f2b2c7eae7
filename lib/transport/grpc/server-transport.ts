import {
  addAdminServicesToServer,
  type ChannelOptions,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerOptions,
} from '@grpc/grpc-js';
import { ignore } from '../../base/deferred.js';
import type {
  AcceptCall,
  CancelReason,
  ListenResult,
  ServerTransport,
} from '../../call/server-transport.js';
import { Listener } from './listener.js';
import { GrpcServerWire } from './server-wire.js';

/**
 * A grpc-js client parks streams beyond the limit without a word, so the limit is generous.
 * Channelz costs something on every message, and few look at it.
 */
const DEFAULTS: ChannelOptions = {
  'grpc.max_concurrent_streams': 1000,
  'grpc.enable_channelz': 0,
};

/** Calls that come in over a grpc-js server, behind listening sockets of our own. */
export class GrpcServerTransport implements ServerTransport {
  readonly #server: Server;
  readonly #accepts = new Map<string, AcceptCall>();
  readonly #listeners: Listener[] = [];
  #draining = false;

  /** @param admin - also answers grpc-js's admin services, channelz among them */
  constructor(channelOptions: ChannelOptions, admin = false) {
    const options: ServerOptions = {
      ...DEFAULTS,
      ...channelOptions,
      interceptors: [this.#take],
    };
    this.#server = new Server(options);
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
    const listener = new Listener(injector);
    const result = await listener.listen(address);
    this.#listeners.push(listener);
    if (this.#draining) listener.destroy();
    return result;
  }

  async drain(): Promise<void> {
    this.#draining = true;
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
  readonly #take: ServerInterceptor = ({ path, requestStream }, call) => {
    const accept = this.#accepts.get(path);
    return accept === undefined
      ? new ServerInterceptingCall(call)
      : new GrpcServerWire(call, requestStream, accept, this.#whyCancelled);
  };

  /** grpc-js says neither: a client that has lost its connection has no open socket left. */
  readonly #whyCancelled = (peer: string): CancelReason => {
    const connected = this.#listeners.some((listener) => listener.isConnected(peer));
    return connected ? 'cancelled by the client' : 'connection lost';
  };
}

function identity(bytes: Buffer): Buffer {
  return bytes;
}
