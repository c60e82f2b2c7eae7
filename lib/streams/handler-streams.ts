import type { Inbox } from './inbox.js';
import type { Outbox } from './outbox.js';
import { InboxReadStream } from './read-stream.js';
import type { ReadWriteStream } from './read-write-stream.js';
import type { Source } from './source.js';
import { type WriteStream, writeAllTo } from './write-stream.js';

/** What a stream of replies needs from its call. */
export interface ReplyOwner<Res> {
  readonly outbox: Outbox<Res>;
  /** Ends the call with OK behind what was written. */
  doneWriting(): Promise<void>;
  /** Ends the call as if the handler had thrown this. */
  fail(thrown: unknown): void;
}

/** What a stream of requests needs from its call. */
export interface RequestOwner<Req> {
  readonly inbox: Inbox<Req>;
}

/** Requests to read. Leaving a loop over them only stops reading ahead. */
export class ServerReadStream<Req> extends InboxReadStream<Req> {
  constructor(owner: RequestOwner<Req>) {
    super(owner.inbox, () => owner.inbox.stopPrefetching());
  }
}

/** Replies to write. */
export class ServerWriteStream<Res> implements WriteStream<Res> {
  readonly #owner: ReplyOwner<Res>;

  constructor(owner: ReplyOwner<Res>) {
    this.#owner = owner;
  }

  get canWriteMore(): boolean {
    return this.#owner.outbox.canWriteMore;
  }

  write(message: Res): Promise<void> {
    return this.#owner.outbox.write(message);
  }

  writeAll(source: Source<Res>): Promise<void> {
    return writeAllTo(this.#owner.outbox, source, (thrown) => this.#owner.fail(thrown));
  }

  doneWriting(): Promise<void> {
    return this.#owner.doneWriting();
  }
}

/** Requests to read and replies to write. */
export class ServerReadWriteStream<Req, Res>
  extends ServerReadStream<Req>
  implements ReadWriteStream<Req, Res>
{
  readonly #writer: ServerWriteStream<Res>;

  constructor(owner: RequestOwner<Req> & ReplyOwner<Res>) {
    super(owner);
    this.#writer = new ServerWriteStream(owner);
  }

  get canWriteMore(): boolean {
    return this.#writer.canWriteMore;
  }

  write(message: Res): Promise<void> {
    return this.#writer.write(message);
  }

  writeAll(source: Source<Res>): Promise<void> {
    return this.#writer.writeAll(source);
  }

  doneWriting(): Promise<void> {
    return this.#writer.doneWriting();
  }
}
