import type { CallOptions } from '../call/call-options.js';
import type { CallOpener } from '../call/client-transport.js';
import { countMessages } from '../diagnose/count-messages.js';
import { Lease } from '../diagnose/lease.js';
import { Place } from '../diagnose/place.js';
import type { Suspicion, Watchdog, WatchedCall } from '../diagnose/watchdog.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { streamsRequests } from '../schema/method-kind.js';
import { CallCore } from './call-core.js';
import type { CallWatcher } from './call-watcher.js';

type Core = CallCore<unknown, unknown>;

/** So many streams many servers allow at once; with fewer calls open, none waits for a place. */
const COMMON_STREAM_LIMIT = 100;

/** Opens a call that a watchdog looks at until it is over. */
export function openWatched(
  watchdog: Watchdog,
  opener: CallOpener,
  method: MethodDescriptor,
  options: CallOptions,
  watcher: CallWatcher,
): Core {
  return new ClientWatch(watchdog, opener, method, options, watcher).core;
}

/** A client's call, as a watchdog sees it. */
class ClientWatch implements WatchedCall {
  readonly side = 'client';
  readonly method: string;
  readonly place = new Place();
  readonly core: Core;
  readonly #canWrite: boolean;
  #moved = 0;
  #lost = false;

  constructor(
    watchdog: Watchdog,
    opener: CallOpener,
    method: MethodDescriptor,
    options: CallOptions,
    watcher: CallWatcher,
  ) {
    this.method = method.path;
    this.#canWrite = streamsRequests(method.kind);
    const counted = countMessages(method, () => {
      this.#moved += 1;
    });
    const watchers: CallWatcher = {
      refusal: watcher.refusal,
      began: (call) => watcher.began(call),
      ended: (call) => {
        watcher.ended(call);
        watchdog.letGo(call);
      },
    };
    const lend = (inbox: Core['inbox']): Lease<unknown> =>
      new Lease(inbox, () => {
        this.#lost = true;
      });
    this.core = new CallCore(opener, counted, options, watchers, lend);
    if (!this.core.ended) watchdog.watch(this.core, this);
  }

  get moved(): number {
    return this.#moved;
  }

  get peer(): string {
    return this.core.peer;
  }

  get unreadBytes(): number {
    return this.core.inbox.queuedBytes;
  }

  get bufferedBytes(): number {
    return this.core.outbox.bufferedBytes;
  }

  suspicion(open: number): Suspicion | undefined {
    const { inbox, outbox } = this.core;
    const waits = this.#waits(open);
    if (waits !== undefined) return waits;
    if (inbox.hasUnread) return outbox.isFull ? WRITE_BLOCK : UNREAD;
    if (outbox.hasSources || outbox.bufferedBytes > 0) return undefined;
    if (this.#canWrite && outbox.isOpen && this.#awaitsEnd()) return NO_HALF_CLOSE;
    if (inbox.awaited !== 'no' || this.core.isAwaited) return undefined;
    return this.#lost ? LOST : FORGOTTEN;
  }

  #waits(open: number): Suspicion | undefined {
    const { waitsFor } = this.core;
    if (waitsFor === undefined) return undefined;
    if (waitsFor === 'a place, perhaps' && open <= COMMON_STREAM_LIMIT) return undefined;
    const words =
      waitsFor === 'a place, perhaps' ? maybeWaits(open) : `waits for ${WAITS[waitsFor]}`;
    return { kind: 'waiting', words };
  }

  /** Whether somebody waits, without a time limit, for what comes when the requests have ended. */
  #awaitsEnd(): boolean {
    const { awaited } = this.core.inbox;
    return awaited === 'no' ? this.core.isAwaited : awaited === 'for ever';
  }
}

const WAITS = {
  'a connection': 'a connection',
  'a place': 'a place among the streams that the server handles at once',
  'its interceptors': 'its interceptors to pass it on',
};

function maybeWaits(open: number): string {
  return (
    `has had no answer and may wait for ${WAITS['a place']}: ` +
    `${open} calls of this client are open`
  );
}

const WRITE_BLOCK: Suspicion = {
  kind: 'write-block',
  words:
    'waits to write while messages wait unread: should the peer do the same, both wait for ever; ' +
    'read while you write',
};
const UNREAD: Suspicion = {
  kind: 'unread',
  words: 'has messages that nobody reads: read them, or cancel() the call',
};
const NO_HALF_CLOSE: Suspicion = {
  kind: 'no-half-close',
  words:
    'waits for an answer while more requests could come: if that was all, call doneWriting() or ' +
    'finish(); if silence is normal, give read() a timeout or a signal',
};
const FORGOTTEN: Suspicion = {
  kind: 'forgotten',
  words: 'is open, and nobody reads, writes or ends it: cancel() what is no longer wanted',
};
const LOST: Suspicion = {
  kind: 'forgotten',
  words: 'is open, and its stream was garbage-collected: nobody can read or end it any more',
};
