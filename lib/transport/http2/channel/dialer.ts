import { connect, type Socket } from 'node:net';
import { ignore } from '../../../base/deferred.js';
import { onAbort } from '../../../base/on-abort.js';
import type { Proxy as HttpProxy } from '../../../call/parse-proxy.js';
import { type Address, addressText } from './address.js';
import type { Securing } from './securing.js';
import { socketStage } from './socket-stage.js';
import { tunnel } from './tunnel.js';

/** A connection that is ready for the first word of HTTP/2. */
export interface Dialed {
  /** What to speak HTTP/2 over. */
  readonly secured: Socket;
  /** Below it, the one to the network; the same if there is no TLS. */
  readonly raw: Socket;
}

/**
 * Connects.
 *
 * ```
 *  TCP or a socket's path ──► through the proxy, if there is one ──► TLS, if asked for
 * ```
 */
export class Dialer {
  readonly #securing: Securing;
  readonly #proxy: HttpProxy | undefined;

  constructor(securing: Securing, proxy: HttpProxy | undefined) {
    this.#securing = securing;
    this.#proxy = proxy;
  }

  /**
   * Rejects with an Error that says why there is no connection; each stage may take 20 seconds.
   *
   * @param signal - closes the connection when it aborts, also beyond the promise
   */
  async dial(address: Address, signal: AbortSignal): Promise<Dialed> {
    const proxy = this.#proxy;
    const next = proxy === undefined ? address : proxyAddress(proxy);
    const raw = connect({ ...next, ...('host' in next ? { noDelay: true } : {}) });
    raw.on('error', ignore);
    // Whoever waits for the connection keeps the process alive, not the connection itself.
    raw.unref();
    onAbort(signal, () => raw.destroy());
    const late = `no connection to ${addressText(next)}`;
    await socketStage<void>(raw, late, ({ done }) => raw.once('connect', () => done()));
    if (proxy !== undefined) await tunnel(raw, addressText(address), proxy);
    const secured = await this.#securing.prepare(raw);
    secured.on('error', ignore);
    return { raw, secured };
  }
}

function proxyAddress({ address }: HttpProxy): Address {
  const at = address.lastIndexOf(':');
  return {
    host: address.slice(0, at).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(at + 1)),
  };
}
