import { connect as connectSocket, type Socket } from 'node:net';
import { soon, whenOver } from '../../stories/harness.js';

/** The types of HTTP/2's frames. */
export const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const END_STREAM = 1;
export const END_HEADERS = 4;

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

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Header fields as HPACK's plainest form: nothing is compressed or remembered. */
export function hpack(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]),
  );
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** The headers that open a call. */
export function callHeaders(
  path: string,
  more: readonly [string, string][] = [],
  method = 'POST',
): Buffer {
  return hpack([
    [':method', method],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'test'],
    ['te', 'trailers'],
    ['content-type', 'application/grpc'],
    ...more,
  ]);
}

/** A gRPC message with its prefix. */
export function grpcMessage(content: string | Uint8Array, flag = 0): Buffer {
  const bytes = Buffer.from(content as string);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
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
