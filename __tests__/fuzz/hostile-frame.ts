import { hpack } from '../transport/http2/raw-frames.js';
import type { Frame } from './frames.js';
import type { Random } from './random.js';

const LARGE = 2 ** 31 - 1;

/** A frame that is odd, forbidden, or fine at another moment. */
export function hostileFrame(random: Random): Frame {
  const stream = random.pick([0, 1, 1, 3, 3, 5, 7, 9, 2, 101]);
  const flags = random.pick([0, 0, 1, 4, 5]);
  const { type, payload, on } = random.pick(MAKERS)(random);
  return { type, flags, stream: on ?? stream, payload, length: payload.length };
}

interface Made {
  readonly type: number;
  readonly payload: Buffer;
  /** The stream, where another would make it pointless. */
  readonly on?: number;
}

const MAKERS: readonly ((random: Random) => Made)[] = [
  // DATA: a message, half of one, nothing.
  (random) => ({ type: 0, payload: random.bytes(random.below(30)) }),
  () => ({ type: 0, payload: Buffer.from('\0\0\0\0\x07{"n":1}') }),
  () => ({ type: 0, payload: Buffer.alloc(0) }),
  // HEADERS, of all kinds of answers and questions.
  (random) => ({ type: 1, payload: hpack(random.pick(BLOCKS)) }),
  (random) => ({ type: 1, payload: random.bytes(random.below(40)) }),
  // PRIORITY on itself, RST_STREAM.
  (random) => ({ type: 2, payload: random.bytes(5) }),
  (random) => ({ type: 3, payload: numbers(random.pick([0, 1, 2, 5, 7, 8, 11, 13, 99, LARGE])) }),
  // SETTINGS: small and huge windows, frames and tables.
  (random) => ({ type: 4, on: 0, payload: setting(1 + random.below(8), random) }),
  (random) => ({ type: 4, on: 0, payload: random.bytes(random.below(13)) }),
  // PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION, and what is none of them.
  (random) => ({ type: 5, payload: Buffer.concat([numbers(random.below(9)), hpack(BLOCKS[0]!)]) }),
  (random) => ({ type: 6, on: 0, payload: random.bytes(random.pick([8, 8, 7, 0])) }),
  (random) => ({
    type: 7,
    on: 0,
    payload: numbers(random.pick([0, 1, 3, LARGE]), random.pick([0, 1, 11])),
  }),
  (random) => ({ type: 8, payload: numbers(random.pick([0, 1, 65_535, LARGE, 2 ** 32 - 1])) }),
  (random) => ({ type: 8, on: 0, payload: numbers(random.pick([0, 1, LARGE])) }),
  (random) => ({ type: 9, payload: random.bytes(random.below(20)) }),
  (random) => ({ type: 10 + random.below(246), payload: random.bytes(random.below(20)) }),
];

const RESPONSE = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
] as const;

const REQUEST = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/test.Stories/BidiStream'],
  [':authority', 'test'],
  ['te', 'trailers'],
] as const;

const BLOCKS: readonly (readonly (readonly [string, string])[])[] = [
  RESPONSE,
  [['grpc-status', '0']],
  [['grpc-status', '99']],
  [['grpc-status', 'x']],
  [...RESPONSE, ['grpc-status', '5'], ['grpc-message', '%E2%98']],
  [...RESPONSE, ['grpc-encoding', 'brotli']],
  [...RESPONSE, ['a-bin', '&&&'], ['__proto__', 'x'], ['constructor', 'y']],
  [[':status', '100']],
  [
    [':status', '503'],
    ['content-type', 'text/html'],
  ],
  [[':status', '0']],
  [],
  REQUEST,
  [...REQUEST, ['content-type', 'application/grpc']],
  [...REQUEST, ['content-type', 'application/grpc'], ['grpc-timeout', '1n']],
  [...REQUEST, ['content-type', 'application/grpc'], ['grpc-timeout', '99999999999999H']],
  [...REQUEST, ['content-type', 'application/grpc'], ['grpc-encoding', 'gzip'], ['x-bin', '=']],
  [...REQUEST, ['content-type', 'application/grpc'], ['Upper', 'case'], ['a', 'b\r\nc']],
  [
    [':method', 'GET'],
    [':path', '/'],
    [':scheme', 'http'],
    [':authority', 'x'],
  ],
  [
    [':method', 'CONNECT'],
    [':authority', 'x'],
  ],
];

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}

function setting(id: number, random: Random): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt32BE(random.pick([0, 1, 2, 16_383, 65_536, 2 ** 24, LARGE, 2 ** 32 - 1]), 2);
  return bytes;
}
