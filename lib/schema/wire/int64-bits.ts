import { MISFIT } from './misfit.js';

// One 64-bit cell, written as one type and read as another: exact, and without BigInt arithmetic.
const cell = new DataView(new ArrayBuffer(8));

/** The signed 64-bit integer of two 32-bit halves. */
export function toInt64(low: number, high: number): bigint {
  cell.setInt32(0, low, true);
  cell.setInt32(4, high, true);
  return cell.getBigInt64(0, true);
}

/** The unsigned 64-bit integer of two 32-bit halves. */
export function toUint64(low: number, high: number): bigint {
  cell.setInt32(0, low, true);
  cell.setInt32(4, high, true);
  return cell.getBigUint64(0, true);
}

/** Two halves in the shape that protobufjs's writer takes for a 64-bit value. */
export interface Halves {
  low: number;
  high: number;
  unsigned: boolean;
}

/** The halves of a bigint or safe-integer number, into `out`. @throws MISFIT when it does not fit. */
export function fromInt64(value: unknown, out: Halves): Halves {
  if (typeof value === 'bigint') {
    cell.setBigInt64(0, value, true);
    if (cell.getBigInt64(0, true) !== value) throw MISFIT;
    return fromCell(out);
  }
  if (!Number.isSafeInteger(value)) throw MISFIT;
  return fromSafeInteger(value as number, out);
}

/** As {@link fromInt64}, unsigned. */
export function fromUint64(value: unknown, out: Halves): Halves {
  if (typeof value === 'bigint') {
    cell.setBigUint64(0, value, true);
    if (cell.getBigUint64(0, true) !== value) throw MISFIT;
    return fromCell(out);
  }
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw MISFIT;
  return fromSafeInteger(value as number, out);
}

/** Zigzag in place: small negative numbers become small unsigned ones. */
export function zigzag(out: Halves): Halves {
  const sign = out.high >> 31;
  out.high = (((out.high << 1) | (out.low >>> 31)) ^ sign) | 0;
  out.low = ((out.low << 1) ^ sign) | 0;
  return out;
}

function fromCell(out: Halves): Halves {
  out.low = cell.getInt32(0, true);
  out.high = cell.getInt32(4, true);
  return out;
}

function fromSafeInteger(value: number, out: Halves): Halves {
  out.low = value | 0;
  out.high = Math.floor(value / 0x1_0000_0000) | 0;
  return out;
}
