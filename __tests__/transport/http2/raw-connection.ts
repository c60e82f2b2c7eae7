import { connect as connectSocket, type Socket } from 'node:net';
import { soon, whenOver } from '../../stories/harness.js';
import { callHeaders, END_HEADERS, FRAME, frame, PREFACE } from './raw-frames.js';

/** A frame as it came. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** What the peer says before it closes. */
export interface RawGoaway {
  readonly last: number;
  readonly code: number;
  readonly data: string;
}

/** A client's side of HTTP/2 of which every byte is written by hand. It answers nothing by itself. */
export class RawConnection {
  readonly socket: Socket;
  readonly frames: RawFrame[] = [];
  readonly closed: Promise<void>;
  #rest = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.closed = new Promise((resolve) => {
      socket.once('close', () => resolve());
    });
    socket.once('close', () => this.#wake());
    socket.once('end', () => this.#wake());
  }

  /** Connects, and says what each client says first. */
  static async open(
    address: string,
    settings: Uint8Array = Buffer.alloc(0),
    options: { allowHalfOpen?: boolean } = {},
  ): Promise<RawConnection> {
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    const socket = connectSocket({ port, host: '127.0.0.1', noDelay: true, ...options });
    whenOver(() => socket.destroy());
    const connection = new RawConnection(socket);
    await soon(new Promise<void>((resolve) => socket.once('connect', resolve)), 'a connection');
    connection.send(PREFACE, frame(FRAME.settings, 0, 0, settings));
    await connection.next(({ type }) => type === FRAME.settings, 'the settings of the server');
    connection.send(frame(FRAME.settings, 1, 0));
    return connection;
  }

  send(...frames: readonly Uint8Array[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(frames));
  }

  /** Opens a call. */
  call(stream: number, path: string, flags: number = END_HEADERS): void {
    this.send(frame(FRAME.headers, flags, stream, callHeaders(path)));
  }

  /** The first frame like this, from the beginning on. */
  async next(like: (frame: RawFrame) => boolean, what: string): Promise<RawFrame> {
    for (;;) {
      const found = this.frames.find(like);
      if (found !== undefined) return found;
      if (this.socket.readableEnded || this.socket.destroyed) {
        throw new Error(`the connection ended before ${what}`);
      }
      await soon(new Promise<void>((resolve) => this.#waiting.push(resolve)), what);
    }
  }

  /** How the server reset the stream. */
  async reset(stream: number): Promise<number> {
    const like = (each: RawFrame): boolean => each.type === FRAME.reset && each.stream === stream;
    return (await this.next(like, `the reset of stream ${stream}`)).payload.readUInt32BE(0);
  }

  async goaway(): Promise<RawGoaway> {
    const { payload } = await this.next(({ type }) => type === FRAME.goaway, 'a GOAWAY');
    return goawayOf(payload);
  }

  get goaways(): RawGoaway[] {
    return this.frames.filter(({ type }) => type === FRAME.goaway).map((f) => goawayOf(f.payload));
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9) {
      const end = 9 + this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < end) break;
      this.frames.push({
        type: this.#rest.readUInt8(3),
        flags: this.#rest.readUInt8(4),
        stream: this.#rest.readUInt32BE(5),
        payload: this.#rest.subarray(9, end),
      });
      this.#rest = this.#rest.subarray(end);
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

function goawayOf(payload: Buffer): RawGoaway {
  return {
    last: payload.readUInt32BE(0),
    code: payload.readUInt32BE(4),
    data: payload.subarray(8).toString(),
  };
}
