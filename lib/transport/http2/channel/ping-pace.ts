import type { ChannelOptions, ClientKeepaliveOptions } from '../../../call/channel-options.js';

/** As often as servers of the C core, of Go and of Java tolerate; more gets `too_many_pings`. */
const PING_INTERVAL = 5 * 60_000;
const PING_TIMEOUT = 20_000;

/** How often the connections of a channel are pinged; times in milliseconds. */
export class PingPace {
  readonly timeout: number;
  readonly withoutCalls: boolean;
  #time: number;

  constructor(keepalive: ChannelOptions['keepalive']) {
    const wanted: ClientKeepaliveOptions =
      keepalive === false ? { time: Infinity } : (keepalive ?? {});
    const { time = PING_INTERVAL, timeout = PING_TIMEOUT, withoutCalls = false } = wanted;
    this.#time = time;
    this.timeout = timeout;
    this.withoutCalls = withoutCalls;
  }

  /** Between pings; Infinity if there are none. */
  get time(): number {
    return this.#time;
  }

  /** A server has said that it was too often. */
  slowDown(): void {
    this.#time *= 2;
  }
}
