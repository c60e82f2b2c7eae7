import { type ChannelOptions, Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';
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

  constructor(channelOptions: ChannelOptions) {
    const options: ServerOptions = {
      ...DEFAULTS,
      ...channelOptions,
      interceptors: [
        (definition, call) =>
          new GrpcServerWire(
            call,
            this.#accepts.get(definition.path) as AcceptCall,
            this.#whyCancelled,
          ),
      ],
    };
    this.#server = new Server(options);
  }

  handle(path: string, accept: AcceptCall): void {
    // The handler is never reached: the interceptor takes the call before.
    if (!this.#server.register(path, nothing, identity, identity, 'bidi')) {
      throw new TypeError(`${path} has a handler already`);
    }
    this.#accepts.set(path, accept);
  }

  async listen(address: string): Promise<ListenResult> {
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    const listener = new Listener(injector);
    this.#listeners.push(listener);
    return await listener.listen(address);
  }

  async drain(): Promise<void> {
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
    const lost = this.#listeners.some((listener) => listener.hasLost(peer));
    return lost ? 'connection lost' : 'cancelled by the client';
  };
}

function nothing(): void {}

function identity(bytes: Buffer): Buffer {
  return bytes;
}
