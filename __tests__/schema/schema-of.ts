import protobuf from 'protobufjs';
import { parseProto } from '../../lib/schema/parse-proto.js';
import { ProtoSchema } from '../../lib/schema/proto-schema.js';

/** A schema from proto source in the test itself. */
export function schemaOf(source: string): ProtoSchema {
  const root = new protobuf.Root();
  parseProto(root, 'inline.proto', source);
  return new ProtoSchema(root);
}

/** What a function throws. */
export function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected it to throw');
}
