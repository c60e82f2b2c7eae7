import { test } from '@jest/globals';
import { grpcioClient, grpcioServer } from './grpcio.js';
import { officialCases } from './official-cases.js';
import { missingForPython } from './python.js';
import { tributaryClient } from './tributary-client.js';
import { tributaryServer } from './tributary-server.js';

const missing = missingForPython();

if (missing === undefined) {
  for (const transport of ['grpc', 'http2'] as const) {
    officialCases(tributaryClient(transport), grpcioServer);
    officialCases(grpcioClient, tributaryServer(transport));
  }
} else {
  test.skip(`the C core (grpcio): ${missing}`, () => {});
}
