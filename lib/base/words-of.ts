import { describeValue } from './describe-value.js';

/** What anything that was thrown says: an error's message, else the value itself, described. */
export function wordsOf(thrown: unknown): string {
  try {
    if (typeof thrown !== 'object' || thrown === null) return String(thrown);
    // By shape: a DOMException of another realm (as in jest) is no instance of this one's Error.
    const { message } = thrown as { message?: unknown };
    return typeof message === 'string' ? message : describeValue(thrown);
  } catch {
    // Getters and proxies may throw in their turn.
    return 'something that cannot be described';
  }
}
