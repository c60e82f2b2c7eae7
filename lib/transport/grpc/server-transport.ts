import { type ChannelOptions, Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
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

  constructor(channelOptions: ChannelOptions) {
    const options: ServerOptions = {
      ...DEFAULTS,
      ...channelOptions,
      interceptors: [
        (definition, call) =>
          new GrpcServerWire(
            call,
            definition.requestStream,
            this.#accepts.get(definition.path) as AcceptCall,
            this.#whyCancelled,
          ),
      ],
    };
    this.#server = new Server(options);
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

  /** grpc-js says neither: a client that has lost its connection has no open socket left. */
  readonly #whyCancelled = (peer: string): CancelReason => {
    const connected = this.#listeners.some((listener) => listener.isConnected(peer));
    return connected ? 'cancelled by the client' : 'connection lost';
  };
}

function identity(bytes: Buffer): Buffer {
  return bytes;
}
