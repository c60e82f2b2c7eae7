import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

// Whoever changes these lists changes what users may import: say so in the change.
const VALUES = [
  'EOF',
  'MemoryTransport',
  'Metadata',
  'RpcError',
  'Server',
  'Status',
  'bidiStream',
  'bytes',
  'clientStream',
  'connect',
  'grpc',
  'json',
  'loadProto',
  'loadService',
  'serverStream',
  'service',
  'statusName',
  'toRpcError',
  'unary',
];
const TYPES = [
  'BidiStream',
  'BidiStreamHandler',
  'BidiStreamMethod',
  'BufferOptions',
  'CallContext',
  'CallOptions',
  'Client',
  'ClientCall',
  'ClientCloseOptions',
  'ClientStream',
  'ClientStreamHandler',
  'ClientStreamMethod',
  'CloseOnSignals',
  'Codec',
  'ConnectOptions',
  'DynamicHandler',
  'DynamicMessage',
  'DynamicMethod',
  'DynamicMethods',
  'DynamicStubMethod',
  'ForEachOptions',
  'GrpcOptions',
  'Handler',
  'Handlers',
  'ListenResult',
  'LoadOptions',
  'MetadataEntry',
  'MetadataInit',
  'MethodDefinition',
  'MethodDescriptor',
  'MethodKind',
  'MethodOptions',
  'ProtoSchema',
  'ReadOptions',
  'ReadStream',
  'ReadWriteStream',
  'ReadyOptions',
  'ServerCloseOptions',
  'ServerOptions',
  'ServerStream',
  'ServerStreamHandler',
  'ServerStreamMethod',
  'ServiceDescriptor',
  'ServiceMethods',
  'Source',
  'StatusCode',
  'StatusObject',
  'Stub',
  'StubMethod',
  'Transport',
  'Unary',
  'UnaryHandler',
  'UnaryMethod',
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
