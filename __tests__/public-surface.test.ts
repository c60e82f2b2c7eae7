import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

// Whoever changes these lists changes what users may import: say so in the change.
const VALUES = [
  'ContextValues',
  'EOF',
  'MemoryTransport',
  'Metadata',
  'RpcError',
  'Server',
  'Status',
  'authenticate',
  'bearerAuth',
  'bidiStream',
  'bytes',
  'clientStream',
  'connect',
  'contextKey',
  'customDetail',
  'errorDetails',
  'findDetail',
  'grpc',
  'json',
  'loadProto',
  'loadService',
  'logging',
  'richError',
  'serverStream',
  'service',
  'statusName',
  'toRpcError',
  'unary',
  'validate',
];
const TYPES = [
  'AnyDetail',
  'AuthContext',
  'AuthenticateOptions',
  'BidiStream',
  'BidiStreamHandler',
  'BidiStreamMethod',
  'BufferOptions',
  'CallContext',
  'CallCredentials',
  'CallLog',
  'CallOptions',
  'Client',
  'ClientCall',
  'ClientCloseOptions',
  'ClientInterceptedCall',
  'ClientInterceptor',
  'ClientOptions',
  'ClientStream',
  'ClientStreamHandler',
  'ClientStreamMethod',
  'CloseOnSignals',
  'Codec',
  'ConnectOptions',
  'ContextKey',
  'CredentialsRequest',
  'DetailOf',
  'DynamicHandler',
  'DynamicMessage',
  'DynamicMethod',
  'DynamicMethods',
  'DynamicStubMethod',
  'ErrorDetail',
  'ErrorDetailInit',
  'ForEachOptions',
  'GrpcOptions',
  'Handler',
  'Handlers',
  'InterceptedCall',
  'Interceptor',
  'ListenResult',
  'LoadOptions',
  'LoggingOptions',
  'MessageMap',
  'MetadataEntry',
  'MetadataInit',
  'MethodDefinition',
  'MethodDescriptor',
  'MethodKind',
  'MethodOptions',
  'Next',
  'NextOptions',
  'ProtoSchema',
  'ReadOptions',
  'ReadStream',
  'ReadWriteStream',
  'ReadyOptions',
  'Rule',
  'Rules',
  'ServerCloseOptions',
  'ServerInterceptedCall',
  'ServerInterceptor',
  'ServerOptions',
  'ServerStream',
  'ServerStreamHandler',
  'ServerStreamMethod',
  'ServiceDescriptor',
  'ServiceMethods',
  'ServiceOptions',
  'Source',
  'StatusCode',
  'StatusObject',
  'Stub',
  'StubMethod',
  'StubOptions',
  'TokenSource',
  'Transport',
  'Unary',
  'UnaryHandler',
  'UnaryMethod',
  'Verify',
  'Violation',
  'WriteStream',
];

it('exports these values and no others', async () => {
  expect(Object.keys(await import('tributary')).sort()).toEqual(VALUES);
});

it('exports these types and no others', () => {
  const index = join(import.meta.dirname, '../lib/index.ts');
  const { statements } = ts.createSourceFile(
    index,
    readFileSync(index, 'utf8'),
    ts.ScriptTarget.ES2022,
  );
  const types = statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ isTypeOnly, exportClause }) => {
      if (exportClause === undefined || !ts.isNamedExports(exportClause)) {
        throw new Error('lib/index.ts exports names, one by one');
      }
      return exportClause.elements
        .filter((element) => isTypeOnly || element.isTypeOnly)
        .map((element) => element.name.text);
    });
  expect(types.sort()).toEqual(TYPES);
});
