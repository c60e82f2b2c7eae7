/**
 * Tributary: explicit streams over gRPC. The public surface, in the order in which you need it.
 *
 * The blank line below each heading keeps the formatter from sorting the groups into one.
 */

// Calling and answering.

export { type ConnectOptions, connect, Server, type ServerOptions } from './defaults.js';

// Services and messages: from a `.proto`, or by hand.

export {
  type AtMostOne,
  type AtMostOneInput,
  type BidiStream,
  bidiStream,
  bidiStream as biStream,
  bytes,
  type ClientStream,
  type Codec,
  clientStream,
  type DefinedMethods,
  type DynamicMessage,
  type DynamicMethod,
  type DynamicMethods,
  type EmbeddedProto,
  type EmbeddedProtoOptions,
  embeddedProto,
  type FromJsonOptions,
  fromJson,
  fromJsonText,
  type JsonValue,
  json,
  type LoadOptions,
  loadProto,
  loadService,
  type MethodDefinition,
  type MethodDescriptor,
  type MethodKind,
  type MethodOptions,
  type ProtoFile,
  type ProtoFiles,
  type ProtoMessage,
  type ProtoSchema,
  type ServerStream,
  type ServiceDescriptor,
  type ServiceMethods,
  serverStream,
  service,
  type ToJsonOptions,
  toJson,
  type Unary,
  unary,
} from './schema/index.js';

// Streams: the same two on both sides.

export { EOF } from './streams/eof.js';
export type { ForEachOptions } from './streams/for-each.js';
export type { ReadOptions } from './streams/read-options.js';
export type { ReadStream } from './streams/read-stream.js';
export type { ReadWriteStream } from './streams/read-write-stream.js';
export { select } from './streams/select.js';
export type { Selected, SelectedFrom } from './streams/selected.js';
export type { Source } from './streams/source.js';
export type { WriteStream } from './streams/write-stream.js';

// Messages and services declared in code.

export type { EnumNumbers, MapKey, Reserved } from './code-first/declarations.js';
export { type DefineServiceOptions, defineService } from './code-first/define-service.js';
export {
  type EnumOptions,
  type EnumType,
  type EnumValue,
  enumType,
} from './code-first/enum-type.js';
export type { AnyField, Field } from './code-first/field.js';
export { field } from './code-first/fields.js';
export type { FieldArgs } from './code-first/make-field.js';
export { type MessageOptions, message } from './code-first/message.js';
export type { InputOf, MessageOf, MessageType } from './code-first/message-type.js';
export type { Members, MessageIn, MessageOut } from './code-first/message-types.js';
export { type Oneof, type OneofFields, oneof } from './code-first/oneof.js';
export { type ListValue, type Struct, type Value, wellKnown } from './code-first/well-known.js';

// Model services: lists, pages and changes of one message type.

export type {
  CreateRequest,
  CreateRequestInput,
  CrudHandlers,
  CrudMethods,
  EmptyMessage,
  KeyRequest,
  KeyRequestInput,
  ListRequest,
  ListRequestInput,
  ListResponse,
  StreamRequest,
  StreamRequestInput,
  UpdateRequest,
  UpdateRequestInput,
} from './model-services/crud-methods.js';
export type { CrudHandlerOptions } from './model-services/crud-rules.js';
export { type CrudOptions, type CrudService, crudService } from './model-services/crud-service.js';
export { MemoryRepository } from './model-services/memory-repository.js';
export type {
  KeyOf,
  Repository,
  RowComparison,
  RowCondition,
  RowOrder,
  RowQuery,
  SomeFields,
} from './model-services/repository.js';
export type { FieldFilter, RowFilter, RowFilterInput } from './model-services/row-filter.js';

// Clients: what a stub gives, and what may be said of one call.

export type { CallCredentials, CredentialsRequest } from './call/call-credentials.js';
export type { BufferOptions, CallOptions } from './call/call-options.js';
export type { ClientCall } from './call/client-call.js';
export type { Compression } from './call/compression.js';
export type { Client, ClientCloseOptions, ClientOptions, ReadyOptions } from './client/client.js';
export type { StubOptions } from './client/make-stub.js';
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
export type { CallContext, SendHeadersOptions } from './context/call-context.js';
export { type ContextKey, ContextValues, contextKey } from './context/context-values.js';
export type { CloseOnSignals } from './server/close-on-signals.js';
export type {
  BidiStreamHandler,
  ClientStreamHandler,
  DynamicHandler,
  Handler,
  Handlers,
  ServerStreamHandler,
  UnaryHandler,
} from './server/handlers.js';
export type { ServerCloseOptions, ServiceOptions } from './server/server.js';

// Errors and metadata.

export { Metadata, type MetadataEntry, type MetadataInit } from './context/metadata.js';
export { RpcError } from './status/rpc-error.js';
export { Status, type StatusCode, statusName } from './status/status.js';
export type { StatusObject } from './status/status-object.js';
export { toRpcError } from './status/to-rpc-error.js';

// Errors with details.

export { customDetail } from './error-details/custom-detail.js';
export type { AnyDetail, DetailOf, ErrorDetail } from './error-details/error-detail.js';
export type { ErrorDetailInit } from './error-details/error-detail-init.js';
export { errorDetails } from './error-details/error-details.js';
export { findDetail } from './error-details/find-detail.js';
export { richError } from './error-details/rich-error.js';

// Interceptors, and those that are ready to use.

export type {
  ClientInterceptedCall,
  ClientInterceptor,
  InterceptedCall,
  Interceptor,
  MessageMap,
  Next,
  NextOptions,
  ServerInterceptedCall,
  ServerInterceptor,
} from './call/interceptor.js';
export {
  type AuthenticateOptions,
  authenticate,
  type Verify,
} from './interceptors/authenticate.js';
export { bearerAuth, type TokenSource } from './interceptors/bearer-auth.js';
export { type CallLog, type LoggingOptions, logging } from './interceptors/logging.js';
export { type Rule, type Rules, type Violation, validate } from './interceptors/validate.js';

// Ready-made services.

export { addHealth } from './services/health/add-health.js';
export type { Health, HealthStatus } from './services/health/health.js';
export {
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthMethods,
  HealthService,
  ServingStatus,
} from './services/health/health-service.js';
export { addReflection } from './services/reflection/add-reflection.js';

// Connections: what `connect` and `Server` may be told of them.

export type {
  ChannelOptions,
  ClientKeepaliveOptions,
  ReconnectBackoffOptions,
} from './call/channel-options.js';
export type { KeepaliveOptions } from './call/keepalive-options.js';
export type {
  FailurePercentageOptions,
  LoadBalancing,
  OutlierDetectionOptions,
  PickFirstOptions,
  SuccessRateOptions,
  WeightedRoundRobinOptions,
} from './call/load-balancing-options.js';
export type {
  HedgingOptions,
  MethodConfig,
  RetryOptions,
  RetryThrottlingOptions,
  StatusCodeLike,
} from './call/retry-options.js';
export type { ListenResult } from './call/server-transport.js';
export type { ServerTransportOptions } from './call/server-transport-options.js';
export type { ClientTlsOptions, Pem, ServerTlsOptions, TlsOptions } from './call/tls-options.js';

// Diagnostics: calls that stand still.

export type { DiagnoseOptions } from './diagnose/diagnose-options.js';
export type { Finding, FindingKind } from './diagnose/finding.js';

// Transports.

export type { Transport } from './call/transport.js';
export { type GrpcOptions, grpc } from './transport/grpc/grpc.js';
export { type Http2Options, http2 } from './transport/http2/http2.js';
export { MemoryTransport } from './transport/memory/memory-transport.js';

// Streams of others: Web Streams, Node streams, grpc-js's calls.

export { fromNodeReadable } from './adapters/from-node-readable.js';
export { fromNodeWritable } from './adapters/from-node-writable.js';
export { fromWebReadable } from './adapters/from-web-readable.js';
export { fromWebWritable } from './adapters/from-web-writable.js';
export { toNodeReadable } from './adapters/to-node-readable.js';
export { toNodeWritable } from './adapters/to-node-writable.js';
export { toWebReadable } from './adapters/to-web-readable.js';
export { toWebWritable } from './adapters/to-web-writable.js';
export { fromDuplex } from './transport/grpc/from-duplex.js';
