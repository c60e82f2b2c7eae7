import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import type { Note, TallyOf } from '../notes.js';

/** protobufjs's own generated code for one message type. */
export interface PlainCodec<T> {
  encode(message: T): Buffer;
  decode(bytes: Uint8Array): T;
}

export const PROTO = fileURLToPath(new URL('../bench.proto', import.meta.url));

/** How grpc-js users without a code generator commonly encode: straight protobufjs. */
export const codecs = ((root) => ({
  note: plain<Note>(root.lookupType('bench.Note')),
  order: plain<{ count: number }>(root.lookupType('bench.Order')),
  tally: plain<TallyOf>(root.lookupType('bench.Tally')),
}))(protobuf.loadSync(PROTO));

function plain<T>(type: protobuf.Type): PlainCodec<T> {
  return {
    encode: (message) => type.encode(message as { [field: string]: unknown }).finish() as Buffer,
    decode: (bytes) => type.decode(bytes) as unknown as T,
  };
}
