import type { Http2Stream } from 'node:http2';
import { Status } from '../../status/status.js';
import { decompress, isKnownEncoding } from './compression.js';
import { FrameSplitter } from './frame-splitter.js';
import { WireFault } from './wire-fault.js';

/** Told of what arrives on a stream. */
export interface IncomingListener {
  /** One message, after a `request()`; possibly from inside it. */
  onMessage(bytes: Uint8Array): void;
  /**
   * Nothing more comes, by the peer's word or not, and all that came has been handed on. Once, after
   * a `request()`.
   */
  onEnd(): void;
  /** What the peer sent breaks the protocol or a limit; nothing more is handed on. Instead of the end. */
  onFault(fault: WireFault): void;
}

/** How much that nobody has asked for is taken from Node before it is told to wait, in bytes. */
const HELD_BYTES = 64 * 1024;

/** How much more than came a rush may hand on of what was compressed, in bytes. */
const RUSHED_BYTES = 16 * 1024 * 1024;

/**
 * The messages that arrive on an HTTP/2 stream, handed on one at a time as they are asked for. What is
 * not asked for stays here or in Node, and flow control holds the peer.
 *
 * ```
 *  DATA ──► Node ──►  [ splitter: ≈ 64 KiB, or the stream pauses ]  ── request ──►  onMessage
 *
 *      open ── END_STREAM, RST_STREAM, connection lost ──► ending ── nothing left ──► over
 *        └──── a fault, or stop() ─────────────────────────────────────────────────────┘
 * ```
 * What came before a reset is handed on like everything else: the end comes after it. `rush()` makes
 * an end of all that is left at once, unless it is compressed and would become very much.
 */
export class IncomingMessages {
  readonly #listener: IncomingListener;
  readonly #maxSize: number;
  readonly #splitter: FrameSplitter;
  #stream: Http2Stream | undefined;
  #encoding = 'identity';
  #state: 'open' | 'ending' | 'over' = 'open';
  #wanted = false;
  #decompressing = false;
  #rushing = false;
  #rushedBytes = 0;
  #delivering = false;

  /** @param maxSize - bytes above which a message is refused */
  constructor(maxSize: number, listener: IncomingListener) {
    this.#maxSize = maxSize;
    this.#listener = listener;
    this.#splitter = new FrameSplitter(maxSize);
  }

  /** Whether the last message is there as a whole; what is left of a stream that ended is no message. */
  get isWhole(): boolean {
    return this.#splitter.isEmpty;
  }

  /** Whether more is wanted than has come. */
  get isHungry(): boolean {
    if (this.#state === 'over') return false;
    return (this.#wanted && !this.#decompressing) || this.#rushing;
  }

  /** Begins to listen. */
  attach(stream: Http2Stream): void {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    stream.once('end', () => this.#end());
    stream.once('close', () => {
      // What Node still holds of a stream that was reset, it keeps to itself unless it is asked.
      for (let rest = stream.read(); rest !== null; rest = stream.read()) this.#onData(rest);
      this.#end();
    });
  }

  /** What compressed messages are compressed with: known once the headers are there. */
  set encoding(name: string) {
    this.#encoding = name;
  }

  /** Asks for one more message. */
  request(): void {
    this.#wanted = true;
    this.#deliver();
  }

  /**
   * Hands on all that has come and the end, without being asked: nothing more can come. What flow
   * control has let in is not much, but it can be compressed a thousandfold: then the rest is asked for.
   */
  rush(): void {
    if (this.#state === 'over') return;
    this.#rushing = true;
    this.#stream?.resume();
    this.#deliver();
  }

  /** Hands nothing more on; what still comes is thrown away. */
  stop(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#stream?.resume();
  }

  /** Whether a message that is there is to be handed on. */
  get #isWanted(): boolean {
    return this.#wanted || (this.#rushing && this.#rushedBytes < RUSHED_BYTES);
  }

  #onData(chunk: Buffer): void {
    if (this.#state === 'over') return;
    this.#splitter.push(chunk);
    this.#deliver();
    if (!this.isHungry && this.#splitter.bufferedBytes >= HELD_BYTES) this.#stream?.pause();
  }

  #end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#deliver();
  }

  /** A loop, as whoever takes a message may ask for the next one from inside. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        this.#hand(next);
      }
    } finally {
      this.#delivering = false;
    }
    if (this.#state === 'ending') this.#endIfNothingIsLeft();
  }

  /** A message that is there and may be handed on. */
  #next(): Uint8Array | undefined {
    if (!this.#isWanted || this.#state === 'over' || this.#decompressing) return undefined;
    try {
      const message = this.#splitter.next();
      if (message === undefined) this.#starve();
      else if (!this.#splitter.compressed) return message;
      else this.#decompress(message);
    } catch (thrown) {
      this.#fault(thrown as WireFault);
    }
    return undefined;
  }

  #starve(): void {
    if (this.#state === 'open' && this.#stream?.isPaused()) this.#stream.resume();
  }

  #endIfNothingIsLeft(): void {
    if (this.#decompressing || !this.#isWanted) return;
    try {
      if (this.#splitter.hasNext()) return;
    } catch (thrown) {
      this.#fault(thrown as WireFault);
      return;
    }
    this.#state = 'over';
    this.#listener.onEnd();
  }

  #decompress(message: Uint8Array): void {
    if (this.#encoding === 'identity' || !isKnownEncoding(this.#encoding)) {
      const named = this.#encoding === 'identity' ? 'no encoding' : `'${this.#encoding}'`;
      const details = `a message is compressed, and its headers name ${named}`;
      throw new WireFault(Status.INTERNAL, details);
    }
    this.#decompressing = true;
    void decompress(message, this.#encoding, this.#maxSize).then(
      (whole) =>
        this.#decompressed(() => {
          if (this.#rushing) this.#rushedBytes += whole.byteLength;
          this.#hand(whole);
        }),
      (fault: WireFault) => this.#decompressed(() => this.#fault(fault)),
    );
  }

  #decompressed(goOn: () => void): void {
    this.#decompressing = false;
    if (this.#state === 'over') return;
    goOn();
    this.#deliver();
  }

  #hand(message: Uint8Array): void {
    this.#wanted = false;
    this.#listener.onMessage(message);
  }

  #fault(fault: WireFault): void {
    if (this.#state === 'over') return;
    this.stop();
    this.#listener.onFault(fault);
  }
}
