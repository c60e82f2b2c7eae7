import protobuf from 'protobufjs';
import type { TestMethod } from './test-peer.js';
import { TEST_SERVICE_PROTO } from './test-service.js';

/** Straight protobufjs, in the form in which grpc-js takes methods. */
export interface PlainMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  requestSerialize(message: object): Buffer;
  requestDeserialize(bytes: Buffer): object;
  responseSerialize(message: object): Buffer;
  responseDeserialize(bytes: Buffer): object;
}

const root = protobuf.loadSync(TEST_SERVICE_PROTO);
const testService = 'grpc.testing.TestService';

/** The methods that servers have handlers for. */
export const PLAIN_SERVED = {
  emptyCall: plainMethod(testService, 'EmptyCall'),
  unaryCall: plainMethod(testService, 'UnaryCall'),
  streamingOutputCall: plainMethod(testService, 'StreamingOutputCall'),
  streamingInputCall: plainMethod(testService, 'StreamingInputCall'),
  fullDuplexCall: plainMethod(testService, 'FullDuplexCall'),
};

/** What clients know of. */
export const PLAIN_METHODS: { readonly [method in TestMethod]: PlainMethod } = {
  ...PLAIN_SERVED,
  unimplementedCall: plainMethod(testService, 'UnimplementedCall'),
  unimplementedService: plainMethod('grpc.testing.UnimplementedService', 'UnimplementedCall'),
};

function plainMethod(service: string, name: string): PlainMethod {
  const method = root.lookupService(service).get(name)?.resolve() as protobuf.Method;
  const request = codec(method.resolvedRequestType as protobuf.Type);
  const response = codec(method.resolvedResponseType as protobuf.Type);
  return {
    path: `/${service}/${name}`,
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    requestSerialize: request.serialize,
    requestDeserialize: request.deserialize,
    responseSerialize: response.serialize,
    responseDeserialize: response.deserialize,
  };
}

function codec(type: protobuf.Type): {
  serialize(message: object): Buffer;
  deserialize(bytes: Buffer): object;
} {
  return {
    serialize: (message) => type.encode(type.fromObject(message)).finish() as Buffer,
    deserialize: (bytes) => type.toObject(type.decode(bytes), { arrays: true }),
  };
}
