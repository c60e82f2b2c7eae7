import { createServer, type Socket } from 'node:net';
import { later, soon, whenOver } from '../../stories/harness.js';

export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;

/** A frame as it is on the wire. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** A connection of a client, as a peer sees it that builds its frames by hand. */
export class RawConnection {
  readonly socket: Socket;
  readonly frames: RawFrame[] = [];
  readonly #onFrame: (frame: RawFrame, connection: RawConnection) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isGreeted = false;

  constructor(socket: Socket, onFrame: (frame: RawFrame, connection: RawConnection) => void) {
    this.socket = socket;
    this.#onFrame = onFrame;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  send(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): void {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    if (!this.socket.destroyed) this.socket.write(Buffer.concat([head, payload]));
  }

  settings(values: Readonly<Record<number, number>> = {}): void {
    const payload = Buffer.concat(
      Object.entries(values).map(([key, value]) => {
        const entry = Buffer.alloc(6);
        entry.writeUInt16BE(Number(key), 0);
        entry.writeUInt32BE(value, 2);
        return entry;
      }),
    );
    this.send(SETTINGS, 0, 0, payload);
  }

  headers(stream: number, headers: Readonly<Record<string, string>>, end = false): void {
    const block = Object.entries(headers).map(([name, value]) => {
      const [key, text] = [Buffer.from(name), Buffer.from(value, 'latin1')];
      return Buffer.concat([Buffer.from([0]), lengthOf(key), key, lengthOf(text), text]);
    });
    this.send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, Buffer.concat(block));
  }

  /** In as many frames as it takes. */
  data(stream: number, bytes: Buffer, end = false): void {
    for (let at = 0; at === 0 || at < bytes.length; at += LARGEST_FRAME) {
      const part = bytes.subarray(at, at + LARGEST_FRAME);
      const isLast = at + LARGEST_FRAME >= bytes.length;
      this.send(DATA, end && isLast ? END_STREAM : 0, stream, part);
    }
  }

  reset(stream: number, code: number): void {
    this.send(RST_STREAM, 0, stream, number32(code));
  }

  goaway(lastStream: number, code: number, words = ''): void {
    const payload = [number32(lastStream), number32(code), Buffer.from(words)];
    this.send(GOAWAY, 0, 0, Buffer.concat(payload));
  }

  /** Answers a call with one message and OK. */
  reply(stream: number, message: unknown): void {
    this.headers(stream, RESPONSE);
    this.data(stream, framed(JSON.stringify(message)));
    this.headers(stream, { 'grpc-status': '0' }, true);
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.#isGreeted) {
      if (this.#rest.length < PREFACE_BYTES) return;
      this.#isGreeted = true;
      this.#rest = this.#rest.subarray(PREFACE_BYTES);
    }
    while (this.#rest.length >= 9) {
      const end = 9 + this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < end) return;
      const frame = {
        type: this.#rest.readUInt8(3),
        flags: this.#rest.readUInt8(4),
        stream: this.#rest.readUInt32BE(5),
        payload: this.#rest.subarray(9, end),
      };
      this.#rest = this.#rest.subarray(end);
      this.frames.push(frame);
      this.#answer(frame);
      this.#onFrame(frame, this);
    }
  }

  #answer({ type, flags }: RawFrame): void {
    if (type === SETTINGS && (flags & ACK) === 0) this.send(SETTINGS, ACK, 0);
  }
}

const PREFACE_BYTES = 24;
/** In bytes, unless settings allow more. */
const LARGEST_FRAME = 16_384;

/** The headers of a response that is gRPC's. */
export const RESPONSE = { ':status': '200', 'content-type': 'application/grpc' };

/** A message with its prefix. */
export function framed(message: string | Buffer, flag = 0): Buffer {
  const bytes = Buffer.from(message);
  return Buffer.concat([Buffer.from([flag]), number32(bytes.length), bytes]);
}

/** Whether a frame opens a call. */
export function opensCall({ type }: RawFrame): boolean {
  return type === HEADERS;
}

/** Whether a frame ends the requests of a call. */
export function endsRequests({ type, flags }: RawFrame): boolean {
  return type === DATA && (flags & END_STREAM) !== 0;
}

export interface RawPeer {
  readonly address: string;
  readonly port: number;
  readonly connections: RawConnection[];
  /** Resolves when there have been so many connections. */
  connected(count: number): Promise<void>;
  /** Takes no more connections. */
  stop(): void;
}

/**
 * A server of hand-built frames on 127.0.0.1.
 *
 * @param onFrame - told of each frame that comes
 * @param greet - instead of empty settings
 */
export async function startPeer(
  onFrame: (frame: RawFrame, connection: RawConnection) => void,
  greet: (connection: RawConnection) => void = (connection) => connection.settings(),
  port = 0,
): Promise<RawPeer> {
  const connections: RawConnection[] = [];
  const waiting: { count: number; resolve(): void }[] = [];
  const server = createServer((socket) => {
    const connection = new RawConnection(socket, onFrame);
    connections.push(connection);
    whenOver(() => socket.destroy());
    greet(connection);
    for (const each of waiting) if (connections.length >= each.count) each.resolve();
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  whenOver(() => server.close());
  const bound = (server.address() as { port: number }).port;
  return {
    address: `127.0.0.1:${bound}`,
    port: bound,
    connections,
    connected: (count) => {
      const { promise, resolve } = later();
      if (connections.length >= count) resolve();
      waiting.push({ count, resolve });
      return soon(promise, `${count} connections`);
    },
    stop: () => void server.close(),
  };
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function lengthOf(bytes: Buffer): Buffer {
  if (bytes.length < 127) return Buffer.from([bytes.length]);
  const rest: number[] = [127];
  let left = bytes.length - 127;
  for (; left >= 128; left = Math.floor(left / 128)) rest.push(128 + (left % 128));
  return Buffer.from([...rest, left]);
}
