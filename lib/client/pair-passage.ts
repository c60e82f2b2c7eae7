import { ignore } from '../base/deferred.js';
import type { CallOptions } from '../call/call-options.js';
import type { CallOpener, CallWait } from '../call/client-transport.js';
import type { Metadata } from '../context/metadata.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import { Status } from '../status/status.js';
import type { StatusObject } from '../status/status-object.js';
import { toRpcError } from '../status/to-rpc-error.js';
import { InboxReadStream } from '../streams/read-stream.js';
import { RefusalError, SourceError, writeAll } from '../streams/write-all.js';
import { CallCore } from './call-core.js';
import type { Passage } from './passage.js';
import type { StreamPair } from './stream-pair.js';

/** A call that is passed on through the pair of streams that an interceptor has asked for. */
export class PairPassage implements Passage {
  readonly #pair: StreamPair;
  readonly #core: CallCore<unknown, unknown>;
  #failure: { readonly thrown: unknown } | undefined;

  /** @param onHeaders - takes the response headers; what it throws ends the call */
  constructor(
    pair: StreamPair,
    opener: CallOpener,
    method: MethodDescriptor,
    options: CallOptions,
    onHeaders: (headers: Metadata) => void,
  ) {
    const tellHeaders = (headers: Metadata): void => {
      try {
        onHeaders(headers);
      } catch (thrown) {
        this.fail(thrown);
      }
    };
    this.#pair = pair;
    this.#core = new CallCore(opener, method, { ...options, onHeaders: tellHeaders }, UNWATCHED);
  }

  get peer(): string {
    return this.#core.peer;
  }

  get connected(): boolean {
    return this.#core.connected;
  }

  get waitsFor(): CallWait | undefined {
    return this.#core.waitsFor;
  }

  /**
   * Carries what is left of the requests to the call, and its replies back. Resolves with the status
   * when the call has ended well and every reply is on its way; rejects with what has gone wrong
   * otherwise, after which the call has ended, too.
   */
  async run(): Promise<StatusObject> {
    const core = this.#core;
    const pair = this.#pair;
    const over = new AbortController();
    void core.status().then(({ code }) => {
      over.abort();
      // What has arrived is for the caller to read; the error should not wait for that.
      if (code !== Status.OK) pair.release();
    });
    writeAll(core.outbox, pair.requests(over.signal)).then(
      () => void core.outbox.close(),
      (error: unknown) => this.fail(causeOf(error)),
    );
    try {
      await writeAll(pair.outbox, new InboxReadStream(core.inbox, ignore));
      return await core.status();
    } catch (error) {
      this.fail(causeOf(error));
      await pair.outbox.sent().catch(ignore);
      pair.hold();
      throw this.#failure === undefined ? causeOf(error) : this.#failure.thrown;
    }
  }

  fail(thrown: unknown): void {
    if (this.#core.ended) return;
    this.#failure = { thrown };
    const { code, details, trailers } = toRpcError(thrown);
    this.#core.end(code, details, { trailers, cause: thrown });
  }
}

/** The client counts the call that this one is a part of. */
const UNWATCHED = { refusal: undefined, began: ignore, ended: ignore };

/** What was thrown, without what `writeAll` says of where. */
function causeOf(error: unknown): unknown {
  return error instanceof SourceError || error instanceof RefusalError ? error.cause : error;
}
