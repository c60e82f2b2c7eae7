import { InboxReadStream } from '../../streams/read-stream.js';
import type { ReadWriteStream } from '../../streams/read-write-stream.js';
import type { Source } from '../../streams/source.js';
import type { WrappedServerEnd } from './wrapped-server-end.js';

/** A call of grpc-js's server as the streams of this library. */
export class WrappedServerCall<Req, Res>
  extends InboxReadStream<Req>
  implements ReadWriteStream<Req, Res>
{
  readonly #end: WrappedServerEnd<Req, Res>;

  constructor(end: WrappedServerEnd<Req, Res>) {
    // Leaving a loop only stops the reading: nothing is read ahead here anyway.
    super(end.inbox, () => {});
    this.#end = end;
  }

  get canWriteMore(): boolean {
    return this.#end.writer.canWriteMore;
  }

  write(message: Res): Promise<void> {
    return this.#end.writer.write(message);
  }

  writeAll(source: Source<Res>): Promise<void> {
    return this.#end.writer.writeAll(source);
  }

  doneWriting(): Promise<void> {
    return this.#end.doneWriting();
  }
}
