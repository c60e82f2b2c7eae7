export type { AtMostOne, AtMostOneInput } from './at-most-one.js';
export { bytes } from './bytes-codec.js';
export type { Codec } from './codec.js';
export {
  EmbeddedProto,
  type EmbeddedProtoOptions,
  embeddedProto,
  type ProtoMessage,
} from './embedded-proto.js';
export { fromJson } from './json/from-json.js';
export { fromJsonText } from './json/from-json-text.js';
export type { FromJsonOptions, ToJsonOptions } from './json/json-options.js';
export type { JsonValue } from './json/json-value.js';
export { toJson } from './json/to-json.js';
export { json } from './json-codec.js';
export { type LoadOptions, loadProto } from './load-proto.js';
export { loadService } from './load-service.js';
export {
  bidiStream,
  clientStream,
  type MethodDefinition,
  type MethodOptions,
  serverStream,
  unary,
} from './method-definitions.js';
export type {
  BidiStream,
  ClientStream,
  MethodDescriptor,
  ServerStream,
  Unary,
} from './method-descriptor.js';
export type { MethodKind } from './method-kind.js';
export type { ProtoFile, ProtoFiles } from './proto-file.js';
export { ProtoSchema } from './proto-schema.js';
export { type DefinedMethods, service } from './service.js';
export type {
  DynamicMessage,
  DynamicMethod,
  DynamicMethods,
  ServiceDescriptor,
  ServiceMethods,
} from './service-descriptor.js';
