import type { Http2Stream } from 'node:http2';
import protobuf from 'protobufjs';

/** From so many bytes on a batch is written though others are on their way. */
const BATCH_BYTES = 48 * 1024;

/** So many batches may be on their way; then no more messages are taken. */
const MOST_BATCHES = 4;

const SLAB_BYTES = 1024 * 1024;
const PREFIX_BYTES = 5;

let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let used = 0;

/** Encodes messages one behind the other, prefixes and all, and writes many of them at a time. */
export class BatchWriter<T extends object> {
  readonly #stream: Http2Stream;
  readonly #type: protobuf.Type;
  readonly #onRoom: () => void;
  readonly #writer = new protobuf.BufferWriter();
  #starts: number[] = [];
  #onTheWay = 0;

  /** @param onRoom - told that more may be added, after `add` gave false */
  constructor(stream: Http2Stream, type: protobuf.Type, onRoom: () => void) {
    this.#stream = stream;
    this.#type = type;
    this.#onRoom = onRoom;
  }

  /** Takes a message, always; false asks to add no more until `onRoom`. */
  add(message: T): boolean {
    const writer = this.#writer;
    this.#starts.push(writer.len);
    this.#type.encode(message, writer.bool(false).fixed32(0));
    if (writer.len < BATCH_BYTES) return true;
    this.#write();
    return this.#onTheWay < MOST_BATCHES;
  }

  /** Writes what there is; when other batches are on their way, then behind them. */
  flush(): void {
    if (this.#onTheWay === 0 && this.#starts.length > 0) this.#write();
  }

  /** Ends this side of the stream behind the last message. */
  end(): void {
    if (this.#starts.length === 0) this.#stream.end();
    else this.#stream.end(this.#batch());
  }

  #write(): void {
    this.#onTheWay += 1;
    this.#stream.write(this.#batch(), this.#sent);
  }

  readonly #sent = (): void => {
    const wasFull = this.#onTheWay === MOST_BATCHES;
    this.#onTheWay -= 1;
    this.flush();
    if (wasFull) this.#onRoom();
  };

  #batch(): Buffer {
    const size = this.#writer.len;
    const batch = this.#writer.finishInto(takeBytes(size)) as Buffer;
    this.#writer.reset();
    let end = size;
    for (let i = this.#starts.length - 1; i >= 0; i -= 1) {
      const start = this.#starts[i]!;
      batch.writeUInt32BE(end - start - PREFIX_BYTES, start + 1);
      end = start;
    }
    this.#starts = [];
    return batch;
  }
}

function takeBytes(size: number): Buffer {
  if (size > SLAB_BYTES) return Buffer.allocUnsafeSlow(size);
  if (used + size > SLAB_BYTES) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  used += size;
  return slab.subarray(used - size, used);
}
