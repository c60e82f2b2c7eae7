import { types } from 'node:util';
import type protobuf from 'protobufjs';
import { describeValue } from '../../base/describe-value.js';
import type { EncodedMessage } from '../../base/encoded-message.js';
import type { Codec } from '../codec.js';
import { type Encoder, setEncoder } from '../encoder-of.js';
import { BigIntReader } from './bigint-reader.js';
import { CheckedWriter } from './checked-writer.js';
import { compileDecoder } from './compile-decoder.js';
import { compileEncoder } from './compile-encoder.js';
import { findMisfit } from './find-misfit.js';
import type { MessageCode } from './message-code.js';
import { messageShape } from './message-shape.js';
import { setMessageType } from './message-type-of.js';
import { MISFIT } from './misfit.js';

const compiled = new WeakMap<protobuf.Type, MessageCode>();
// Both ways are synchronous, so one writer and one reader do for all messages; only a getter of a
// message being encoded could start another encoding meanwhile.
let idleWriter: CheckedWriter | undefined;
const reader = new BigIntReader();

/** The codec of a protobuf message type; its functions are compiled when first used. */
export function messageCodec<T>(type: protobuf.Type): Codec<T> {
  const code = codeOf(type);
  const encoder: Encoder<T> = (value) => encode(code, type, value);
  const codec: Codec<T> = {
    encode: (value) => encoder(value).bytes,
    decode: (bytes) => decode(code, type, bytes) as T,
  };
  setEncoder(codec, encoder);
  setMessageType(codec, () => type);
  return codec;
}

function codeOf(type: protobuf.Type): MessageCode {
  let code = compiled.get(type);
  if (code === undefined) {
    const made: MessageCode = {
      encode(message, writer, depth) {
        made.encode = compileEncoder(messageShape(type), codeOf);
        made.encode(message, writer, depth);
      },
      decode(...args) {
        made.decode = compileDecoder(messageShape(type), codeOf);
        return made.decode(...args);
      },
    };
    code = made;
    compiled.set(type, code);
  }
  return code;
}

function encode(code: MessageCode, type: protobuf.Type, value: unknown): EncodedMessage {
  const writer = idleWriter ?? new CheckedWriter();
  idleWriter = undefined;
  const start = writer.begin();
  try {
    code.encode(value, writer, 0);
  } catch (error) {
    // The writer is in the middle of a message: it is left to the garbage collector.
    if (error !== MISFIT) throw error;
    throw (
      findMisfit(messageShape(type), value) ??
      new TypeError(`${messageShape(type).name}: does not fit`)
    );
  }
  idleWriter = writer;
  return writer.take(start);
}

function decode(code: MessageCode, type: protobuf.Type, bytes: Uint8Array): unknown {
  if (!types.isUint8Array(bytes)) {
    throw new TypeError(`expected a Uint8Array to decode, got ${describeValue(bytes)}`);
  }
  try {
    return code.decode(reader.open(bytes), bytes.length, 0, undefined, 0);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`not a valid ${messageShape(type).name} message: ${reason}`, { cause });
  } finally {
    reader.close();
  }
}
