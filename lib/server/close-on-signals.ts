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
  if (!Array.isArray(signals) || !signals.every((name) => /^SIG[A-Z0-9]+$/.test(String(name)))) {
    const got = Array.isArray(signals) ? signals.join(', ') : describeValue(signals);
    throw new TypeError(`closeOnSignals signals must be a list such as ['SIGTERM'], got ${got}`);
  }
  return { signals, grace };
}

const DEFAULTS: SignalSettings = { signals: ['SIGTERM', 'SIGINT'], grace: 5_000 };

/** What is to be closed at each signal; one listener of the process serves all of them. */
const CLOSERS = new Map<NodeJS.Signals, Set<() => Promise<void>>>();

/**
 * Calls `close` when the process gets one of the signals; what it returns stops that. When all that
 * were to be closed have been, the signal takes its usual course: it ends the process, unless
 * somebody else listens for it. A second one while they close ends it at once.
 */
export function closeOnSignals(
  signals: readonly NodeJS.Signals[],
  close: () => Promise<void>,
): () => void {
  for (const signal of signals) {
    let closers = CLOSERS.get(signal);
    if (closers === undefined) {
      closers = new Set();
      CLOSERS.set(signal, closers);
      process.once(signal, onSignal);
    }
    closers.add(close);
  }
  return () => {
    for (const signal of signals) forget(signal, close);
  };
}

function forget(signal: NodeJS.Signals, close: () => Promise<void>): void {
  const closers = CLOSERS.get(signal);
  closers?.delete(close);
  if (closers?.size !== 0) return;
  CLOSERS.delete(signal);
  process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  const closers = [...(CLOSERS.get(signal) ?? [])];
  CLOSERS.delete(signal);
  void Promise.allSettled(closers.map((close) => close())).then(() => {
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  });
}
