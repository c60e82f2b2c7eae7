import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { resetName } from '../reset-status.js';

/**
 * Why a connection ends, and which of its calls the server has not looked at. What is said first
 * counts: what follows from it says less.
 */
export class SessionEnd {
  readonly #session: ClientHttp2Session;
  #reason: string | undefined;
  #goaway: string | undefined;
  /** Streams above it were not looked at. */
  #lastStreamId = Infinity;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  /** The connection is lost, and why. */
  lost(reason: string): void {
    this.#reason ??= reason;
  }

  /** The connection is closed. */
  closed(): void {
    const behind = this.#goaway === undefined ? '' : ` behind ${this.#goaway}`;
    this.lost(`the connection was closed${behind}`);
  }

  /**
   * The server takes no more calls; those up to a stream may end unless it names an error.
   *
   * @returns whether it complains of too many pings
   */
  goaway(code: number, lastStreamId: number, data: Uint8Array | undefined): boolean {
    const words = Buffer.from(data ?? [])
      .toString()
      .toWellFormed();
    this.#lastStreamId = Math.min(this.#lastStreamId, lastStreamId);
    this.#goaway = `GOAWAY ${resetName(code)}${words === '' ? '' : ` (${words})`}`;
    // Node ends the calls at once then, whatever the last stream.
    if (code !== constants.NGHTTP2_NO_ERROR) {
      this.lost(`the server closed the connection with ${this.#goaway}`);
    }
    return code === constants.NGHTTP2_ENHANCE_YOUR_CALM && words === 'too_many_pings';
  }

  /** Why the stream ended, if its connection was lost or takes no more. */
  lossOf({ id, errored }: ClientHttp2Stream): string | undefined {
    if (id !== undefined && id > this.#lastStreamId) return `the server sent ${this.#goaway}`;
    if (this.#reason !== undefined) return this.#reason;
    if (!this.#session.destroyed || errored === null) return undefined;
    return `the connection was lost: ${errored.message}`;
  }

  /** Whether the server cannot have begun to handle the stream. */
  isUnprocessed({ id, rstCode }: ClientHttp2Stream): boolean {
    if (id === undefined || id > this.#lastStreamId) return true;
    // Then it is the connection's code, not the stream's.
    if (this.#reason !== undefined) return false;
    return rstCode === constants.NGHTTP2_REFUSED_STREAM;
  }
}
