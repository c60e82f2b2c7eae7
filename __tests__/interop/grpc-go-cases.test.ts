import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServerTlsOptions } from 'tributary';
import type { RunningServer } from '../peers/peer.js';
import { Authority } from '../support/certificates.js';
import { CASES } from './cases.js';
import { goProgram, missingForGo } from './grpc-go.js';
import { grpcGoServer, startGoServer } from './grpc-go-server.js';
import { officialCases } from './official-cases.js';
import type { TestRig } from './test-case.js';
import type { RunningTestClient, TestClient, TestServer } from './test-peer.js';
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
  const secured = await makeSecured();
  for (const transport of ['grpc', 'http2'] as const) {
    officialCases(tributaryClient(transport), grpcGoServer);
    goCases(tributaryServer(transport), []);
    goCases(tributaryServer(transport, secured.tls), secured.clientArgs);
    securedCases(tributaryClient(transport, { ca: secured.ca }), secured.serverArgs);
  }
} else {
  test.skip(`grpc-go: ${missing}`, () => {});
}

function goCases(server: TestServer, more: readonly string[]): void {
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
        ...more,
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

/** Those of our client that need no look at the wire. */
function securedCases(client: TestClient, serverArgs: readonly string[]): void {
  describe(`${client.name} calls grpc-go`, () => {
    let running: RunningServer;
    let caller: RunningTestClient;

    beforeAll(async () => {
      running = await startGoServer(serverArgs);
      caller = client.connect(running.port);
    });
    afterAll(async () => {
      await caller.close();
      await running.close();
    });

    for (const { name, looksAtWire, standsIn, run } of CASES) {
      if (standsIn !== undefined) continue;
      if (looksAtWire) test.skip(`${name}: TLS hides the wire, at which it looks`, () => {});
      else test(name, () => run(rigWithoutTap(caller, connect)));
    }

    function connect(): RunningTestClient {
      return client.connect(running.port);
    }
  });
}

function rigWithoutTap(client: RunningTestClient, connect: () => RunningTestClient): TestRig {
  return {
    client,
    connect,
    server: grpcGoServer,
    get tap(): never {
      throw new Error('no case that is run over TLS looks at the wire');
    },
  };
}

interface Secured {
  readonly ca: string;
  readonly tls: ServerTlsOptions;
  readonly clientArgs: readonly string[];
  readonly serverArgs: readonly string[];
}

/** A certificate, in memory for us and in files for grpc-go. */
async function makeSecured(): Promise<Secured> {
  const authority = new Authority();
  const { cert, key } = authority.issue();
  const folder = await mkdtemp(join(tmpdir(), 'tributary-interop-'));
  afterAll(() => rm(folder, { recursive: true }));
  const [ca, certFile, keyFile] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await Promise.all([
    writeFile(ca, authority.cert),
    writeFile(certFile, cert),
    writeFile(keyFile, key),
  ]);
  return {
    ca: authority.cert,
    tls: { cert, key },
    clientArgs: ['-use_tls', '-use_test_ca', `-ca_file=${ca}`],
    serverArgs: ['-use_tls', `-tls_cert_file=${certFile}`, `-tls_key_file=${keyFile}`],
  };
}
