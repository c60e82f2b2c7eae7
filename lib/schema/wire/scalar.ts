/** The scalar types of proto, by the names they have there. */
export type Scalar =
  | 'double'
  | 'float'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'sfixed32'
  | 'int64'
  | 'uint64'
  | 'sint64'
  | 'fixed64'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** The wire type that each scalar travels as. */
export const WIRE_TYPE: Readonly<Record<Scalar, 0 | 1 | 2 | 5>> = {
  double: 1,
  float: 5,
  int32: 0,
  uint32: 0,
  sint32: 0,
  fixed32: 5,
  sfixed32: 5,
  int64: 0,
  uint64: 0,
  sint64: 0,
  fixed64: 1,
  sfixed64: 1,
  bool: 0,
  string: 2,
  bytes: 2,
};

/** Whether the scalar is a 64-bit integer: a bigint here. */
export function isLong(scalar: Scalar): boolean {
  return scalar.endsWith('64');
}

/** Whether a repeated field of it may be packed. */
export function isPackable(scalar: Scalar): boolean {
  return scalar !== 'string' && scalar !== 'bytes';
}

/** Whether a packed list of it, being of a known length, is read and written in one go. */
export function isBulk(scalar: Scalar): boolean {
  return WIRE_TYPE[scalar] === 5 || scalar === 'double';
}

/** What a field of it is when nothing was sent. */
export function zeroOf(scalar: Scalar): unknown {
  if (scalar === 'string') return '';
  if (scalar === 'bool') return false;
  if (scalar === 'bytes') return new Uint8Array(0);
  return isLong(scalar) ? 0n : 0;
}
