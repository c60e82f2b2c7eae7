import { expect } from '@jest/globals';
import { Status } from 'tributary';
import type { RunningTestClient, TestClient, TestOutcome, TestServer } from './test-peer.js';
import type { WireTap } from './wire-tap.js';

/** What a case has to work with. */
export interface TestRig {
  readonly client: RunningTestClient;
  /** Another client of the same server. */
  connect(): RunningTestClient;
  readonly server: TestServer;
  /** What the case's calls were on the wire. */
  readonly tap: WireTap;
}

/** One of gRPC's interoperability cases. */
export interface TestCase {
  readonly name: string;
  /** Whether it stands in, with these two, for a case that is impossible; none does unless given. */
  readonly standsIn?: (client: TestClient, server: TestServer) => boolean;
  /** Why these two cannot be asked this. */
  readonly impossible?: (client: TestClient, server: TestServer) => string | undefined;
  /** Whether it needs to see what is sent, which TLS hides. */
  readonly looksAtWire?: true;
  readonly run: (rig: TestRig) => Promise<void>;
}

export function zeros(size: number): { body: Uint8Array } {
  return { body: new Uint8Array(size) };
}

/** What must have come when all went well, with replies of these sizes. */
export function expectReplies(outcome: TestOutcome, sizes: readonly number[]): void {
  const { code, details, answers } = outcome;
  expect({ code, details }).toEqual({ code: Status.OK, details: '' });
  expect(answers.map(({ payload }) => payload?.body?.length)).toEqual(sizes);
  for (const { payload } of answers) expect(payload?.body?.every((byte) => byte === 0)).toBe(true);
}
