import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningServer } from '../peers/peer.js';
import { goProgram, missingForGo } from './grpc-go.js';
import { grpcGoServer } from './grpc-go-server.js';
import { officialCases } from './official-cases.js';
import type { TestServer } from './test-peer.js';
import { tributaryClient } from './tributary-client.js';
import { tributaryServer } from './tributary-server.js';

/** What grpc-go's client knows of the cases; it makes the calls and judges them itself. */
const GO_CASES = [
  'empty_unary',
  'large_unary',
  'client_streaming',
  'server_streaming',
  'ping_pong',
  'empty_stream',
  'custom_metadata',
  'status_code_and_message',
  'special_status_message',
  'unimplemented_method',
  'unimplemented_service',
  'cancel_after_begin',
  'cancel_after_first_response',
  'timeout_on_sleeping_server',
  'rpc_soak',
  'channel_soak',
];

const NOT_IN_GO = [
  'client_compressed_unary',
  'client_compressed_streaming',
  'server_compressed_unary',
  'server_compressed_streaming',
];

const SOAK = ['-soak_iterations=20', '-soak_max_failures=0', '-soak_min_time_ms_between_rpcs=0'];

const missing = missingForGo();

if (missing === undefined) {
  for (const transport of ['grpc', 'http2'] as const) {
    officialCases(tributaryClient(transport), grpcGoServer);
    goCases(tributaryServer(transport));
  }
} else {
  test.skip(`grpc-go: ${missing}`, () => {});
}

function goCases(server: TestServer): void {
  describe(`grpc-go calls ${server.name}`, () => {
    let running: RunningServer;

    beforeAll(async () => {
      running = await server.serve(() => {
        throw new Error('no case of grpc-go looks at the wire');
      });
    });
    afterAll(() => running.close());

    test.each(GO_CASES)('%s', async (name) => {
      const args = [
        '-server_host=127.0.0.1',
        `-server_port=${running.port}`,
        `-test_case=${name}`,
        ...(name.endsWith('_soak') ? SOAK : []),
      ];
      const child = spawn(goProgram('client'), args, { timeout: 15_000 });
      const ended = once(child, 'close');
      const stderr = await text(child.stderr);
      const [code] = (await ended) as [number | null];
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    });

    for (const name of NOT_IN_GO) test.skip(`${name}: grpc-go's client has no such case`, () => {});
  });
}
