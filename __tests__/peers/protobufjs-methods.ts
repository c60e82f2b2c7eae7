import { fileURLToPath } from 'node:url';
import type { MethodDefinition } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { Note } from './peer.js';

export const INTEROP_PROTO = fileURLToPath(new URL('interop.proto', import.meta.url));

const type = protobuf.loadSync(INTEROP_PROTO).lookupType('interop.Note');

/** Straight protobufjs, in the form in which grpc-js and nice-grpc take codecs. */
function serialize({ big, ...note }: Note): Buffer {
  return type.encode(type.fromObject({ ...note, big: String(big) })).finish() as Buffer;
}

function deserialize(bytes: Buffer): Note {
  const { text, number, big, blob, words } = type.toObject(type.decode(bytes), {
    longs: String,
    bytes: Array,
    defaults: true,
  }) as { [Key in keyof Note]: Key extends 'big' ? string : Note[Key] };
  return { text, number, big: BigInt(big), blob: Uint8Array.from(blob), words };
}

function method<Requests extends boolean, Responses extends boolean>(
  name: string,
  requestStream: Requests,
  responseStream: Responses,
): MethodDefinition<Note, Note> & { requestStream: Requests; responseStream: Responses } {
  return {
    path: `/interop.Interop/${name}`,
    requestStream,
    responseStream,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  };
}

/** The methods that servers have handlers for. */
export const SERVED = {
  unary: method('Unary', false, false),
  serverStream: method('ServerStream', false, true),
  clientStream: method('ClientStream', true, false),
  bidiStream: method('BidiStream', true, true),
};

/** The methods that clients know. */
export const METHODS = { ...SERVED, absent: method('Absent', false, false) };
