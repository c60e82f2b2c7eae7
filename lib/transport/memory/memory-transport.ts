import { describeValue } from '../../base/describe-value.js';
import type { ChannelOptions } from '../../call/channel-options.js';
import type { ClientTransport } from '../../call/client-transport.js';
import type { ServerTransport } from '../../call/server-transport.js';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import type { Transport } from '../../call/transport.js';
import { MemoryClientTransport } from './memory-client.js';
import { MemoryServerTransport } from './memory-server.js';

/**
 * The whole stack without a socket: give the same MemoryTransport to `Server` and to `connect`,
 * and any name as the address. Messages are encoded and decoded, flow control holds writers back
 * and deadlines and cancellation travel, all as on a network; nothing is ever lost. There being no
 * socket, an open call alone does not keep the process alive, and there is nothing to secure or to
 * limit: `tls` is a TypeError, and of the other options about connections and calls on them only a
 * client's `waitForReady` and a server's `maxSendMessageSize` have an effect.
 *
 * @example
 * ```ts
 * const transport = new MemoryTransport();
 * await new Server({ transport }).add(Echo, handlers).listen('echo');
 * const client = connect('echo', { transport });
 * ```
 */
export class MemoryTransport implements Transport {
  readonly #servers = new Map<string, MemoryServerTransport>();
  readonly #clients = new Set<MemoryClientTransport>();
  #ports = 0;

  client(target: string, { tls, waitForReady = false }: ChannelOptions): ClientTransport {
    refuseTls(tls);
    if (typeof target !== 'string' || target === '') {
      throw new TypeError(`target must be the name of a server, got ${describeValue(target)}`);
    }
    const client = new MemoryClientTransport(
      target,
      (name) => this.#servers.get(name),
      waitForReady,
      () => this.#clients.delete(client),
    );
    this.#clients.add(client);
    return client;
  }

  server({ tls }: Pick<ServerTransportOptions, 'tls'> = {}): ServerTransport {
    refuseTls(tls);
    return new MemoryServerTransport({
      bind: (name, server) => this.#bind(name, server),
      unbind: (server) => {
        for (const [name, bound] of this.#servers) {
          if (bound === server) this.#servers.delete(name);
        }
      },
    });
  }

  /** Breaks every open call as a lost connection would; new calls go through again at once. */
  disconnect(): void {
    for (const client of this.#clients) client.disconnect();
  }

  /** A name that ends in `:0` gets a number of its own, as a port would. */
  #bind(name: string, server: MemoryServerTransport): { port: number; address: string } {
    let address = name;
    let port = 0;
    if (name.endsWith(':0')) {
      this.#ports += 1;
      port = this.#ports;
      address = `${name.slice(0, -1)}${port}`;
    }
    if (this.#servers.has(address)) {
      throw new Error(`cannot listen on ${address}: the address is in use`);
    }
    this.#servers.set(address, server);
    for (const client of this.#clients) client.serverAppeared();
    return { port, address };
  }
}

/** Whoever asks for TLS must not believe to have it. */
function refuseTls(tls: unknown): void {
  if (tls === undefined || tls === false) return;
  throw new TypeError('MemoryTransport takes no tls: there is no network to secure');
}
