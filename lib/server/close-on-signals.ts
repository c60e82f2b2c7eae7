import { constants } from 'node:os';
import { checkMilliseconds, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';

/** Which signals close a server, and how. */
export interface CloseOnSignals {
  /** SIGTERM and SIGINT unless given. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Milliseconds that open calls may still take; 5 seconds unless given. */
  readonly grace?: number | undefined;
}

/** Both are set. */
export type SignalSettings = {
  readonly [Setting in keyof CloseOnSignals]-?: NonNullable<CloseOnSignals[Setting]>;
};

/** Reads the option `closeOnSignals`; throws, naming it, for anything but a boolean or settings. */
export function signalSettings(option: unknown): SignalSettings | undefined {
  if (option === undefined || option === false) return undefined;
  if (option === true) return DEFAULTS;
  checkOptions('closeOnSignals', option, ['signals', 'grace']);
  const { signals = DEFAULTS.signals, grace = DEFAULTS.grace } = option as CloseOnSignals;
  checkMilliseconds('closeOnSignals grace', grace);
  checkSignals(signals);
  return { signals, grace };
}

const DEFAULTS: SignalSettings = { signals: ['SIGTERM', 'SIGINT'], grace: 5_000 };

/** These two end or stop a process without asking it. */
const DEAF: readonly string[] = ['SIGKILL', 'SIGSTOP'];

function checkSignals(signals: unknown): void {
  const expected = "closeOnSignals signals must be a list such as ['SIGTERM']";
  if (!Array.isArray(signals) || signals.length === 0) {
    throw new TypeError(`${expected}, got ${describeValue(signals)}`);
  }
  for (const name of signals as readonly unknown[]) {
    if (typeof name !== 'string' || !Object.hasOwn(constants.signals, name)) {
      throw new TypeError(`${expected}; ${describeValue(name)} is no signal of this system`);
    }
    if (DEAF.includes(name)) throw new RangeError(`${expected}; nobody can listen for ${name}`);
  }
}

/** One server that is to be closed, at the signals it is listed under. */
type Close = () => Promise<void>;

/** What is to be closed at each signal; one listener of the process serves all of them. */
const CLOSERS = new Map<NodeJS.Signals, Set<Close>>();

/**
 * Calls `close` when the process gets one of the signals; what it returns stops that. When all that
 * were to be closed have been, the signal takes its usual course: it ends the process, unless
 * somebody else listens for it. A second one while they close, also another of the list, ends it
 * at once.
 */
export function closeOnSignals(signals: readonly NodeJS.Signals[], close: Close): () => void {
  for (const signal of signals) {
    let closers = CLOSERS.get(signal);
    if (closers === undefined) {
      closers = new Set();
      CLOSERS.set(signal, closers);
      process.on(signal, onSignal);
    }
    closers.add(close);
  }
  return () => forget(close);
}

function forget(close: Close): void {
  for (const [signal, closers] of CLOSERS) {
    if (!closers.delete(close) || closers.size > 0) continue;
    CLOSERS.delete(signal);
    process.off(signal, onSignal);
  }
}

function onSignal(signal: NodeJS.Signals): void {
  const closers = [...(CLOSERS.get(signal) ?? [])];
  for (const close of closers) forget(close);
  void Promise.allSettled(closers.map((close) => close())).then(() => {
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  });
}
