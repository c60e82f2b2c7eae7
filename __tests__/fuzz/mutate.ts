import { PREFACE } from '../transport/http2/raw-frames.js';
import { type Frame, framesOf, toBytes } from './frames.js';
import { hostileFrame } from './hostile-frame.js';
import type { Random } from './random.js';

/**
 * What one side has said, changed in some places: frames moved, doubled, lied about, bytes flipped,
 * cut, spliced with another recording.
 */
export function mutate(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const hasPreface = bytes.subarray(0, PREFACE.length).equals(PREFACE);
  const frames = framesOf(bytes);
  const ofFrames = random.chance(0.8) ? 1 + random.below(4) : 0;
  for (let i = 0; i < ofFrames; i += 1) mutateFrames(frames, others, random);
  const start = hasPreface ? PREFACE : Buffer.alloc(0);
  let mutated: Buffer = Buffer.concat([start, toBytes(frames)]);
  const ofBytes = ofFrames === 0 || random.chance(0.2) ? 1 + random.below(4) : 0;
  for (let i = 0; i < ofBytes; i += 1) mutated = mutateBytes(mutated, others, random);
  return mutated;
}

function mutateFrames(frames: Frame[], others: readonly Buffer[], random: Random): void {
  const at = random.below(frames.length + 1);
  const frame = frames[at];
  const kind = random.below(11);
  if (kind <= 1 || frame === undefined) frames.splice(at, 0, hostileFrame(random));
  else if (kind === 2) frames.splice(at, 1);
  else if (kind === 3) frames.splice(at, 0, ...copies(frame, random));
  else if (kind === 4) swap(frames, at, random.below(frames.length));
  else if (kind === 5) frame.type = random.below(12);
  else if (kind === 6) frame.flags = random.pick([0, 1, 4, 5, 8, 32, 41, 255]);
  else if (kind === 7) frame.stream = someStream(frame, random);
  else if (kind === 8) frame.length += random.pick([-9, -1, 1, 2, 9, 255, 16_384, 2 ** 24 - 1]);
  else if (kind === 9) frames.splice(at, 0, random.pick(framesOf(random.pick(others))));
  else liesInMessage(frame, random);
  if (frame !== undefined && frame.length < 0) frame.length = 0;
}

function copies(frame: Frame, random: Random): Frame[] {
  const count = random.chance(0.1) ? 300 : 1 + random.below(3);
  return Array.from({ length: count }, () => ({ ...frame }));
}

function swap(frames: Frame[], one: number, other: number): void {
  const [a, b] = [frames[one], frames[other]];
  if (a !== undefined && b !== undefined) [frames[one], frames[other]] = [b, a];
}

function someStream({ stream }: Frame, random: Random): number {
  return random.pick([0, 1, 2, 3, stream + 1, stream + 2, 2 ** 31 - 1, 2 ** 31 + 1]);
}

/** Another flag or another length before a message, or a byte of a block of headers. */
function liesInMessage(frame: Frame, random: Random): void {
  if (frame.payload.length < 5) return;
  const payload = Buffer.from(frame.payload);
  if (frame.type !== 0 || random.chance(0.2))
    payload[random.below(payload.length)] = random.below(256);
  else if (random.chance(0.3)) payload.writeUInt8(random.pick([0, 1, 2, 128, 255]), 0);
  else {
    const length = payload.readUInt32BE(1);
    const lies = [0, 1, length + 1, Math.max(length - 1, 0), 2 ** 22, 2 ** 22 + 1, 2 ** 32 - 1];
    payload.writeUInt32BE(random.pick(lies), 1);
  }
  frame.payload = payload;
}

function mutateBytes(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const end = Math.min(at + 1 + random.below(64), bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.below(7)) {
    case 0: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy.writeUInt8(copy.readUInt8(at) ^ (1 << random.below(8)), at);
      return copy;
    }
    case 1: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy.writeUInt8(random.pick([0, 1, 127, 128, 255]), at);
      return copy;
    }
    case 2:
      return before;
    case 3:
      return Buffer.concat([before, bytes.subarray(end)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, end), after]);
    case 5:
      return Buffer.concat([before, random.bytes(1 + random.below(40)), after]);
    default: {
      const other = random.pick(others);
      return Buffer.concat([before, other.subarray(random.below(other.length))]);
    }
  }
}
