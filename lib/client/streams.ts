import { rejectedQuietly } from '../base/deferred.js';
import { describeValue } from '../base/describe-value.js';
import type { ClientCall } from '../call/client-call.js';
import type { Metadata } from '../context/metadata.js';
import type { StatusObject } from '../status/status-object.js';
import { InboxReadStream } from '../streams/read-stream.js';
import type { Source } from '../streams/source.js';
import { type WriteStream, writeAllTo } from '../streams/write-stream.js';
import type { CallCore } from './call-core.js';

/** Replies to read: a server-streaming call, and what the three below have in common. */
export class ClientReadStream<Res> extends InboxReadStream<Res> implements ClientCall {
  protected readonly core: CallCore<never, Res>;

  constructor(core: CallCore<never, Res>) {
    super(core.reader, () => core.cancel('the loop over the replies was left'));
    this.core = core;
  }

  get peer(): string {
    return this.core.peer;
  }

  headers(): Promise<Metadata> {
    return this.core.headers();
  }

  status(): Promise<StatusObject> {
    return this.core.status();
  }

  cancel(reason?: string): void {
    if (reason !== undefined && typeof reason !== 'string') {
      throw new TypeError(`cancel reason must be a string, got ${describeValue(reason)}`);
    }
    this.core.cancel(reason ?? 'cancelled by the caller', reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.core.ended) this.core.cancel('the call was disposed of');
    await this.core.status();
  }
}

/** Requests to write and replies to read: a bidirectional call written imperatively. */
export class ClientReadWriteStream<Res, Req>
  extends ClientReadStream<Res>
  implements WriteStream<Req>
{
  readonly #core: CallCore<Req, Res>;

  constructor(core: CallCore<Req, Res>) {
    super(core as CallCore<never, Res>);
    this.#core = core;
  }

  get canWriteMore(): boolean {
    return this.#core.outbox.canWriteMore;
  }

  write(message: Req): Promise<void> {
    return this.#core.outbox.write(message);
  }

  writeAll(source: Source<Req>): Promise<void> {
    return writeAllTo(this.#core.outbox, source, (thrown) =>
      this.#core.cancel('the source of requests failed', thrown),
    );
  }

  doneWriting(): Promise<void> {
    return this.#core.outbox.close();
  }
}

/** Requests to write and one reply: a client-streaming call written imperatively. */
export class ClientWriteStream<Req, Res> extends ClientReadWriteStream<Res, Req> {
  /** The reply, once the call has ended OK. */
  response(): Promise<Res> {
    return this.core.response();
  }

  /** `doneWriting()`, then the reply. */
  async finish(): Promise<Res> {
    const sent = this.doneWriting();
    try {
      await sent;
    } catch (refused) {
      // A server may answer before it has read everything: then its answer counts.
      if ((await this.status()).code !== 0) throw refused;
    }
    return await this.response();
  }
}

/** Replies to requests that come from a source: a bidirectional call in iterator style. */
export class FedReadStream<Res> extends ClientReadStream<Res> {
  /** Not in the types; here for those who call it from JavaScript. */
  write(): Promise<never> {
    return rejectedQuietly(
      new TypeError(
        'this stream is fed by the source that was passed to the call; to write, call without one',
      ),
    );
  }

  writeAll(): Promise<never> {
    return this.write();
  }

  doneWriting(): Promise<never> {
    return this.write();
  }
}

/** The reply to requests that come from a source; can be awaited as it is. */
export class FedReplyStream<Res> extends FedReadStream<Res> implements PromiseLike<Res> {
  /** The reply, once the call has ended OK. */
  response(): Promise<Res> {
    return this.core.response();
  }

  // biome-ignore lint/suspicious/noThenProperty: `await stub.recordRoute(points())` is the point
  then<Fulfilled = Res, Rejected = never>(
    onFulfilled?: ((reply: Res) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((error: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.response().then(onFulfilled, onRejected);
  }
}
