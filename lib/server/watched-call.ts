import type { ServerWire } from '../call/server-transport.js';
import { countMessages } from '../diagnose/count-messages.js';
import type { Place } from '../diagnose/place.js';
import type { Suspicion, Watchdog, WatchedCall } from '../diagnose/watchdog.js';
import { streamsRequests } from '../schema/method-kind.js';
import type { CallHost, MethodAnswer } from './call-host.js';
import { ServerCall } from './server-call.js';

/** Who looks at the calls of a handler, and where it was added. */
export interface HandlerWatch {
  readonly watchdog: Watchdog;
  readonly place: Place;
}

/** A call that a watchdog looks at until it is over. */
export function openWatched(
  watch: HandlerWatch,
  answer: MethodAnswer,
  wire: ServerWire,
  host: CallHost,
): ServerCall {
  return new ServerWatch(watch, answer, wire, host).call;
}

/** A call being handled, as a watchdog sees it. */
class ServerWatch implements WatchedCall {
  readonly side = 'server';
  readonly method: string;
  readonly peer: string;
  readonly place: Place;
  readonly call: ServerCall;
  readonly #streamsRequests: boolean;
  #moved = 0;

  constructor(watch: HandlerWatch, answer: MethodAnswer, wire: ServerWire, host: CallHost) {
    this.place = watch.place;
    this.method = answer.method.path;
    this.peer = wire.peer;
    this.#streamsRequests = streamsRequests(answer.method.kind);
    const method = countMessages(answer.method, () => {
      this.#moved += 1;
    });
    this.call = new ServerCall({ ...answer, method }, wire, host);
    watch.watchdog.watch(this.call, this);
  }

  get moved(): number {
    return this.#moved;
  }

  get unreadBytes(): number {
    return this.call.inbox.queuedBytes;
  }

  get bufferedBytes(): number {
    return this.call.outbox.bufferedBytes;
  }

  suspicion(): Suspicion | undefined {
    const { call } = this;
    const { inbox, outbox } = call;
    if (!call.running || call.waitsForTurn || inbox.awaited !== 'no') return undefined;
    if (outbox.bufferedBytes > 0) return outbox.isFull && inbox.hasUnread ? WRITE_BLOCK : undefined;
    // Its only request has not come: its handler was not called yet.
    if (!this.#streamsRequests && this.#moved === 0) return undefined;
    return call.ctx.heedsEnd ? undefined : STUCK;
  }
}

const WRITE_BLOCK: Suspicion = {
  kind: 'write-block',
  words:
    'waits to write while requests wait unread: should the client do the same, both wait for ever; ' +
    'read while you write',
};
const STUCK: Suspicion = {
  kind: 'stuck-handler',
  words:
    'neither reads, writes nor returns, and would not hear of the end of its call: let it return, ' +
    'or pass ctx.signal to what it waits for',
};
