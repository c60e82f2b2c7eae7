import { MessageMaps } from '../call/message-maps.js';
import type { Metadata } from '../context/metadata.js';

/** What the interceptors of one call have added to it so far. */
export class Additions {
  readonly requestMaps = new MessageMaps();
  readonly replyMaps = new MessageMaps();
  readonly #headersListeners: ((headers: Metadata) => void)[] = [];

  /** Behind those there are, as headers come from inside. */
  addHeadersListener(listener: (headers: Metadata) => void): void {
    this.#headersListeners.unshift(listener);
  }

  tellHeaders(headers: Metadata): void {
    for (const listener of [...this.#headersListeners]) listener(headers);
  }

  /**
   * Gives what takes all that is added from now on away again: when a call is passed on a second
   * time, the interceptors further in run anew, and add theirs anew.
   */
  mark(): () => void {
    const requests = this.requestMaps.length;
    const replies = this.replyMaps.length;
    const listeners = this.#headersListeners.length;
    return () => {
      this.requestMaps.keepFirst(requests);
      this.replyMaps.keepLast(replies);
      this.#headersListeners.splice(0, this.#headersListeners.length - listeners);
    };
  }
}
