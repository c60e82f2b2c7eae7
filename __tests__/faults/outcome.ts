import { constants, type OutgoingHttpHeaders } from 'node:http2';
import { statusName } from 'tributary';
import { soon } from '../stories/harness.js';
import type { RawConnection, RawFrame } from '../transport/http2/raw-connection.js';
import { FRAME } from '../transport/http2/raw-frames.js';
import { type RawAnswer, rawRequest } from '../transport/http2/raw-request.js';
import type { Target } from './target.js';

const RESETS = new Map(
  [
    'NO_ERROR',
    'PROTOCOL_ERROR',
    'INTERNAL_ERROR',
    'FLOW_CONTROL_ERROR',
    'STREAM_CLOSED',
    'FRAME_SIZE_ERROR',
    'REFUSED_STREAM',
    'CANCEL',
    'COMPRESSION_ERROR',
    'ENHANCE_YOUR_CALM',
  ].map((name) => [constants[`NGHTTP2_${name}` as 'NGHTTP2_NO_ERROR'] as number, name]),
);

/** A request of `node:http2`, and what came of it: the status, or what there was instead. */
export function request(headers: OutgoingHttpHeaders, body?: Uint8Array) {
  return async ({ address }: Target): Promise<string> =>
    wordFor(await rawRequest(address, headers, body));
}

function wordFor({ http, status, reset }: RawAnswer): string {
  if (http !== 200 && !Number.isNaN(http)) return `HTTP ${http}`;
  if (status !== undefined) return String(statusName(Number(status)));
  return reset === 0 ? 'no status' : `reset ${RESETS.get(reset) ?? reset}`;
}

/** What became of a bare connection, or of a stream on it: the first thing that says so. */
export async function fateOf(raw: RawConnection, stream = 1): Promise<string> {
  const isEnd = ({ type, flags, stream: of }: RawFrame): boolean =>
    (type === FRAME.goaway && flags === 0) ||
    (of === stream && (type === FRAME.reset || (type === FRAME.headers && (flags & 1) !== 0)));
  const end = await raw.next(isEnd, 'the fate of the stream').catch((error: Error) => {
    if (raw.socket.destroyed || raw.socket.readableEnded) return undefined;
    throw error;
  });
  if (end === undefined) return 'closed';
  if (end.type === FRAME.headers) return 'answered';
  if (end.type === FRAME.reset) return `reset ${RESETS.get(end.payload.readUInt32BE(0))}`;
  await soon(raw.closed, 'the server to close behind its GOAWAY');
  return 'closed';
}
