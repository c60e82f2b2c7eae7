import { describeValue } from '../base/describe-value.js';
import type { RpcError } from '../status/rpc-error.js';
import { toRpcError } from '../status/to-rpc-error.js';
import { checkReadStream } from './check-stream.js';
import type { EOF } from './eof.js';
import { firstReady } from './first-ready.js';
import { type ReadOptions, readLimits } from './read-options.js';
import type { ReadStream } from './read-stream.js';
import type { Selected } from './selected.js';

type Stream = ReadStream<unknown>;

/**
 * Reads whichever of several streams is ready first: `{ stream, index, message }`, where the
 * message may be `EOF`. If that stream has failed, `{ stream, index, error }`: the others go on.
 * With a timeout, in milliseconds, `null` when none was ready in time; 0 polls.
 *
 * The streams that are not chosen consume nothing. Of several that are ready the one that was
 * chosen longest ago is read, so none is starved. A stream that has ended is ready for ever: take
 * it out of the list. May be called concurrently, and beside other readers of the streams.
 *
 * Rejects with the signal's reason when that aborts, and with a `TypeError` or `RangeError` unless
 * it is given one stream or more.
 */
export function select<const Streams extends readonly Stream[]>(
  streams: Streams,
  limit?: ReadOptions & { readonly timeout?: undefined },
): Promise<Selected<Streams>>;
export function select<const Streams extends readonly Stream[]>(
  streams: Streams,
  limit: number | ReadOptions,
): Promise<Selected<Streams> | null>;
export async function select(
  streams: readonly Stream[],
  limit: number | ReadOptions = {},
): Promise<Selected<readonly Stream[]> | null> {
  checkStreams(streams);
  const { timeout = Infinity, signal } = readLimits('select', limit);
  signal?.throwIfAborted();
  const end = performance.now() + timeout;
  for (let left = timeout; ; left = Math.max(0, end - performance.now())) {
    const line = lineOf(streams);
    const first = line[0] as Stream;
    const patient = turnOf(first).passedOver >= PATIENCE;
    const stream = line[await firstReady(line, left, signal, patient)];
    if (stream === undefined) return null;
    if (stream !== first) passOver(first);
    const found = await readNow(stream);
    if (found === undefined) continue;
    turns += 1;
    lastTurns.set(stream, { at: turns, passedOver: 0 });
    return { stream, index: streams.indexOf(stream), ...found };
  }
}

/** When a stream was chosen last, and how often another was although this one was first in line. */
interface Turn {
  readonly at: number;
  passedOver: number;
}

/** After how many others the first in line gets a closer look, so that none is starved. */
const PATIENCE = 16;

let turns = 0;
const lastTurns = new WeakMap<Stream, Turn>();

function turnOf(stream: Stream): Turn {
  let turn = lastTurns.get(stream);
  if (turn === undefined) {
    turn = { at: 0, passedOver: 0 };
    lastTurns.set(stream, turn);
  }
  return turn;
}

function passOver(stream: Stream): void {
  const turn = turnOf(stream);
  turn.passedOver = turn.passedOver < PATIENCE ? turn.passedOver + 1 : 0;
}

/** Whoever was chosen longest ago comes first. */
function lineOf(streams: readonly Stream[]): Stream[] {
  return streams.toSorted((a, b) => turnOf(a).at - turnOf(b).at);
}

type Found =
  | { message: unknown | EOF; error?: undefined }
  | { message?: undefined; error: RpcError };

/**
 * What the stream has now; undefined if another reader was faster. Not a poll by `read(0)`: there a
 * message that is `null` (JSON has it) could not be told from nothing, and would be lost.
 */
async function readNow(stream: Stream): Promise<Found | undefined> {
  const nothing = new AbortController();
  const immediate = setImmediate(() => nothing.abort());
  try {
    return { message: await stream.read({ signal: nothing.signal }) };
  } catch (error) {
    if (nothing.signal.aborted && error === nothing.signal.reason) return undefined;
    return { error: toRpcError(error) };
  } finally {
    clearImmediate(immediate);
  }
}

function checkStreams(streams: readonly Stream[]): void {
  if (!Array.isArray(streams)) {
    throw new TypeError(`select takes an array of ReadStreams, got ${describeValue(streams)}`);
  }
  if (streams.length === 0) throw new RangeError('select takes one stream or more, got none');
  for (const [index, stream] of streams.entries()) {
    checkReadStream(`select stream ${index}`, stream);
  }
}
