import { Timer } from '../base/timer.js';
import { wordsOf } from '../base/words-of.js';
import { type DiagnoseSettings, diagnoseSettings } from './diagnose-options.js';
import type { Finding, FindingKind } from './finding.js';
import type { Place } from './place.js';

/** What may be wrong with a call, unless it changes soon. */
export interface Suspicion {
  readonly kind: FindingKind;
  /** Goes on after the name of the call. */
  readonly words: string;
}

/** A call that is open. */
export interface WatchedCall {
  readonly side: Finding['side'];
  readonly method: string;
  readonly peer: string;
  /** Bytes received and not yet read. */
  readonly unreadBytes: number;
  /** Bytes written and not yet sent. */
  readonly bufferedBytes: number;
  /** Messages read and written so far. */
  readonly moved: number;
  /** Where it was opened. */
  readonly place: Place;
  /**
   * What it looks like at this moment; undefined for a call with which nothing is wrong.
   *
   * @param open - calls that are open beside it
   */
  suspicion(open: number): Suspicion | undefined;
}

interface Watch {
  readonly call: WatchedCall;
  readonly began: number;
  readonly reported: Set<FindingKind>;
  kind: FindingKind | undefined;
  moved: number;
  bufferedBytes: number;
  since: number;
  looks: number;
}

/** How often a call must have looked the same, after the first time. */
const LOOKS = 4;

/**
 * Looks at all open calls from time to time, and reports those that have stood still in the same
 * suspicious way for long. Nothing is done for a message.
 *
 * It is looks that are counted, not time: a process that was stopped or busy for a while would
 * otherwise find that all its calls had stood still.
 */
export class Watchdog {
  readonly #settings: DiagnoseSettings;
  readonly #calls = new Map<object, Watch>();
  #timer: Timer | undefined;

  constructor(settings: DiagnoseSettings) {
    this.#settings = settings;
  }

  /**
   * Looks at the call until it is let go.
   *
   * @param key - what it is let go by
   */
  watch(key: object, call: WatchedCall): void {
    const now = performance.now();
    const { moved, bufferedBytes } = call;
    const reported = new Set<FindingKind>();
    this.#calls.set(key, {
      call,
      began: now,
      reported,
      kind: undefined,
      moved,
      bufferedBytes,
      since: now,
      looks: 0,
    });
    this.#timer ??= new Timer(this.#settings.after / LOOKS, () => this.#look()).unref();
  }

  /** The call is over. */
  letGo(key: object): void {
    this.#calls.delete(key);
  }

  #look(): void {
    if (this.#calls.size === 0) {
      this.#timer = undefined;
      return;
    }
    const now = performance.now();
    for (const watch of this.#calls.values()) {
      const { call } = watch;
      const suspicion = call.suspicion(this.#calls.size);
      if (hasChanged(call, watch, suspicion?.kind)) {
        watch.since = now;
        watch.looks = 0;
      } else watch.looks += 1;
      if (suspicion === undefined || watch.looks < LOOKS) continue;
      if (watch.reported.has(suspicion.kind)) continue;
      watch.reported.add(suspicion.kind);
      this.#report(toFinding(call, watch, suspicion, now));
    }
    this.#timer?.restart();
  }

  #report(finding: Finding): void {
    const failed = (thrown: unknown): void =>
      process.emitWarning(`diagnose report threw: ${wordsOf(thrown)}`, 'TributaryWarning');
    try {
      // Somebody may well pass an async function.
      Promise.resolve(this.#settings.report(finding)).catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }
}

/** Whether anything has moved since the last look; remembers how it looks now. */
function hasChanged(call: WatchedCall, watch: Watch, kind: FindingKind | undefined): boolean {
  const { moved, bufferedBytes } = call;
  const same =
    watch.kind === kind && watch.moved === moved && watch.bufferedBytes === bufferedBytes;
  watch.kind = kind;
  watch.moved = moved;
  watch.bufferedBytes = bufferedBytes;
  return !same;
}

function toFinding(
  call: WatchedCall,
  watch: Watch,
  { kind, words }: Suspicion,
  now: number,
): Finding {
  const { side, method, peer, unreadBytes, bufferedBytes } = call;
  const openedAt = call.place.line;
  const quiet = Math.round(now - watch.since);
  const age = Math.round(now - watch.began);
  const name = `${side === 'client' ? 'call of' : 'handler of'} ${method}`;
  const where =
    openedAt === undefined ? '' : `; ${side === 'client' ? 'opened' : 'added'} at ${openedAt}`;
  const state = `for ${quiet} ms, ${unreadBytes} B unread, ${bufferedBytes} B unsent, peer ${peer}`;
  const message = `${name} ${words} (${state})${where}`;
  return { kind, side, method, peer, message, openedAt, age, quiet, bufferedBytes, unreadBytes };
}

/** A watchdog, if the option `diagnose` asks for one; throws if it is wrong. */
export function watchdogFor(option: unknown): Watchdog | undefined {
  const settings = diagnoseSettings(option);
  return settings && new Watchdog(settings);
}
