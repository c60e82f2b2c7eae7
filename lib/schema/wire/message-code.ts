import type { BigIntReader } from './bigint-reader.js';
import type { CheckedWriter } from './checked-writer.js';

/** A message as an object of unknown fields. */
export type MessageObject = { [property: string]: unknown };

/** Writes a message's fields; `depth` is how many messages it lies in. */
export type EncodeFunction = (message: unknown, writer: CheckedWriter, depth: number) => void;

/**
 * Reads a message up to `end`, or up to `endTag` when that is not 0 (a group), into `into` if it is
 * the continuation of a message already begun.
 */
export type DecodeFunction = (
  reader: BigIntReader,
  end: number,
  depth: number,
  into: MessageObject | undefined,
  endTag: number,
) => MessageObject;

/** The two functions compiled for a message type. Types refer to one another through this object. */
export interface MessageCode {
  encode: EncodeFunction;
  decode: DecodeFunction;
}
