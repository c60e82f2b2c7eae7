/**
 * Tributary: explicit streams over gRPC. The public surface, in the order in which you need it.
 */

export type { BufferOptions, CallOptions } from './call/call-options.js';
export type { KeepaliveOptions } from './call/keepalive-options.js';
export type { ListenResult } from './call/server-transport.js';
export type { ServerTransportOptions } from './call/server-transport-options.js';
export type { ClientTlsOptions, Pem, ServerTlsOptions, TlsOptions } from './call/tls-options.js';
// Transports.
export type { Transport } from './call/transport.js';
export type { Client, ClientCloseOptions, ReadyOptions } from './client/client.js';
// Calls: what a stub gives, and what may be said of one call.
export type { ClientCall } from './client/client-call.js';
export type {
  BidiStreamMethod,
  ClientStreamMethod,
  DynamicStubMethod,
  ServerStreamMethod,
  Stub,
  StubMethod,
  UnaryMethod,
} from './client/stub.js';
// Handlers: what `server.add` takes, and what they are told.
export type { AuthContext } from './context/auth-context.js';
export type { CallContext } from './context/call-context.js';
export { Metadata, type MetadataEntry, type MetadataInit } from './context/metadata.js';
// Calling and answering.
export { type ConnectOptions, connect, Server, type ServerOptions } from './defaults.js';
// Services and messages.
export {
  type BidiStream,
  bidiStream,
  bytes,
  type ClientStream,
  type Codec,
  clientStream,
  type DynamicMessage,
  type DynamicMethod,
  type DynamicMethods,
  json,
  type LoadOptions,
  loadProto,
  loadService,
  type MethodDefinition,
  type MethodDescriptor,
  type MethodKind,
  type MethodOptions,
  type ProtoSchema,
  type ServerStream,
  type ServiceDescriptor,
  type ServiceMethods,
  serverStream,
  service,
  type Unary,
  unary,
} from './schema/index.js';
export type {
  BidiStreamHandler,
  ClientStreamHandler,
  DynamicHandler,
  Handler,
  Handlers,
  ServerStreamHandler,
  UnaryHandler,
} from './server/handlers.js';
export type { ServerCloseOptions } from './server/server.js';
// Errors and metadata.
export { RpcError } from './status/rpc-error.js';
export { Status, type StatusCode, statusName } from './status/status.js';
export type { StatusObject } from './status/status-object.js';
export { toRpcError } from './status/to-rpc-error.js';
// Streams.
export { EOF } from './streams/eof.js';
export type { ForEachOptions } from './streams/for-each.js';
export type { ReadOptions, ReadStream } from './streams/read-stream.js';
export type { ReadWriteStream } from './streams/read-write-stream.js';
export type { Source } from './streams/source.js';
export type { WriteStream } from './streams/write-stream.js';
export { type GrpcOptions, grpc } from './transport/grpc/grpc.js';
export { MemoryTransport } from './transport/memory/memory-transport.js';
