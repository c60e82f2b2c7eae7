import { afterAll, afterEach, beforeAll, describe, test } from '@jest/globals';
import type { RunningServer } from '../peers/peer.js';
import { CASES } from './cases.js';
import type { RunningTestClient, TestClient, TestServer } from './test-peer.js';
import { WireTap } from './wire-tap.js';

/**
 * gRPC's interoperability cases between these two, each a test. What the two make impossible is
 * skipped, and its name says why.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 */
export function officialCases(client: TestClient, server: TestServer): void {
  describe(`${client.name} calls ${server.name}`, () => {
    let running: RunningServer;
    let tap: WireTap;
    let caller: RunningTestClient;

    beforeAll(async () => {
      running = await server.serve(() => tap);
      tap = await WireTap.start(running.port);
      caller = client.connect(tap.port);
    });
    afterEach(() => tap.forget());
    afterAll(async () => {
      await caller.close();
      await tap.close();
      await running.close();
    });

    for (const { name, standsIn, impossible, run } of CASES) {
      const reason = impossible?.(client, server);
      if (standsIn !== undefined && (reason !== undefined || !standsIn(client, server))) continue;
      if (reason !== undefined) test.skip(`${name}: ${reason}`, () => {});
      else {
        test(name, () =>
          run({ client: caller, connect: () => client.connect(tap.port), server, tap }),
        );
      }
    }
  });
}
