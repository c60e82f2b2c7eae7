import { describeValue } from '../../base/describe-value.js';
import type { ClientCall } from '../../call/client-call.js';
import type { Metadata } from '../../context/metadata.js';
import type { StatusObject } from '../../status/status-object.js';
import { InboxReadStream } from '../../streams/read-stream.js';
import type { ReadWriteStream } from '../../streams/read-write-stream.js';
import type { Source } from '../../streams/source.js';
import type { WrappedClientEnd } from './wrapped-client-end.js';

/** A call of grpc-js's client as the streams of this library. */
export class WrappedClientCall<Res, Req>
  extends InboxReadStream<Res>
  implements ReadWriteStream<Res, Req>, ClientCall
{
  readonly #end: WrappedClientEnd<Res, Req>;

  constructor(end: WrappedClientEnd<Res, Req>) {
    super(end.inbox, () => end.cancel('the loop over the replies was left'));
    this.#end = end;
  }

  get peer(): string {
    return this.#end.peer;
  }

  get canWriteMore(): boolean {
    return this.#end.writer.canWriteMore;
  }

  write(message: Req): Promise<void> {
    return this.#end.writer.write(message);
  }

  writeAll(source: Source<Req>): Promise<void> {
    return this.#end.writer.writeAll(source);
  }

  doneWriting(): Promise<void> {
    return this.#end.writer.doneWriting();
  }

  headers(): Promise<Metadata> {
    return this.#end.headers();
  }

  status(): Promise<StatusObject> {
    return this.#end.status();
  }

  cancel(reason?: string): void {
    if (reason !== undefined && typeof reason !== 'string') {
      throw new TypeError(`cancel reason must be a string, got ${describeValue(reason)}`);
    }
    this.#end.cancel(reason ?? 'cancelled by the caller', reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#end.ended) this.#end.cancel('the call was disposed of');
    await this.#end.status();
  }
}
