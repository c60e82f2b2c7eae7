import { grpcJsClient } from '../interop/grpc-js-client.js';
import { grpcJsServer } from '../interop/grpc-js-server.js';
import { officialCases } from '../interop/official-cases.js';
import { tributaryClient } from '../interop/tributary-client.js';
import { tributaryServer } from '../interop/tributary-server.js';

const TRANSPORTS = ['grpc', 'http2'] as const;

for (const transport of TRANSPORTS) {
  officialCases(tributaryClient(transport), grpcJsServer);
  officialCases(grpcJsClient, tributaryServer(transport));
  for (const other of TRANSPORTS) officialCases(tributaryClient(other), tributaryServer(transport));
}
