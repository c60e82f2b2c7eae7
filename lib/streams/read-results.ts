import { EOF } from './eof.js';

/** What `read` gives. */
export function same<T>(message: T): T {
  return message;
}

/** What an iterator gives; asked without a timeout, so `null` is a message (JSON has it). */
export function toIteratorResult<T>(message: T | null | EOF): IteratorResult<T, undefined> {
  return message === EOF ? { value: undefined, done: true } : { value: message as T, done: false };
}

/** What `readBatch` gives for a single message; asked without a timeout, as above. */
export function toBatch<T>(message: T | null | EOF): T[] | EOF {
  return message === EOF ? EOF : [message as T];
}

/** What `ready` gives: only time gives nothing. */
export function isSomething(message: unknown): boolean {
  return message !== null;
}

/** Carries a decoding error past the fact that a message may be any value. */
export class Failure {
  constructor(readonly error: Error) {}
}
