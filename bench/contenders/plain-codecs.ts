import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import type { Note, Order, TallyOf } from '../notes.js';

/** protobufjs's own generated code for one message type. */
export interface PlainCodec<T> {
  encode(message: T): Buffer;
  decode(bytes: Uint8Array): T;
}

export const PROTO = fileURLToPath(new URL('../bench.proto', import.meta.url));

const root = protobuf.loadSync(PROTO);

/** The message types, for those who write and read several messages in one go. */
export const types = {
  note: root.lookupType('bench.Note'),
  order: root.lookupType('bench.Order'),
  tally: root.lookupType('bench.Tally'),
};

/** How grpc-js users without a code generator commonly encode: straight protobufjs. */
export const codecs = {
  note: plain<Note>(types.note),
  order: plain<Order>(types.order),
  tally: plain<TallyOf>(types.tally),
};

function plain<T>(type: protobuf.Type): PlainCodec<T> {
  return {
    encode: (message) => type.encode(message as { [field: string]: unknown }).finish() as Buffer,
    decode: (bytes) => type.decode(bytes) as unknown as T,
  };
}
