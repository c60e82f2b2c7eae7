import { describe, expect, it } from '@jest/globals';
import { atRest, rejection, Stories } from '../stories/harness.js';
import { startPeer } from '../transport/http2/raw-peer.js';
import { beAnswered } from './buggy-server.js';
import { brokenConnections } from './cases/broken-connections.js';
import { wrongResponses } from './cases/wrong-responses.js';
import type { ClientFault } from './client-fault.js';
import { nameOf } from './handler-record.js';
import { bytesInUse, resources, returnTo } from './resources.js';
import { over } from './server-fault.js';
import { connectTo, NETWORKED, type NetworkName } from './target.js';

const TABLE: readonly (readonly [string, readonly ClientFault[]])[] = [
  ['responses', wrongResponses],
  ['connections', brokenConnections],
];

const INITIAL_WINDOW_SIZE = 4;

/** Servers that say nothing, in clear text or TLS, are in transport/silent-servers.test.ts: a clock is advanced there. */
async function survives(name: NetworkName, fault: ClientFault): Promise<void> {
  const { answer, unary, stream, most } = fault;
  const prey = await beAnswered(name, answer);
  const before = most === undefined ? 0 : bytesInUse();
  expect(await prey.unary()).toBe(over(name, unary));
  expect(await prey.stream()).toBe(over(name, stream));
  if (most !== undefined) expect(bytesInUse() - before).toBeLessThan(most);
  await prey.isWell();
}

describe.each(NETWORKED)('a client over %s survives', (name) => {
  describe.each(TABLE)('%s:', (_kind, faults) => {
    it.each(faults)('$name', (fault) => survives(name, fault));
  });

  it('connections: a server without a window: the writer waits', async () => {
    const before = resources();
    const peer = await startPeer(
      () => {},
      (connection) => connection.settings({ [INITIAL_WINDOW_SIZE]: 0 }),
    );
    const client = connectTo(name, peer.address);
    const inUse = bytesInUse();
    const streams = Array.from({ length: 20 }, () => client.stub(Stories).bidiStream());
    let written = 0;
    const writing = streams.map(async (stream): Promise<never> => {
      for (;;) {
        await stream.write({ n: 0, text: 'x'.repeat(10_000) });
        written += 1;
      }
    });
    const told = writing.map(rejection);
    // Each holds 64 KiB, as much again for another attempt, and a window of HTTP/2 at most.
    expect(await atRest(() => written)).toBeLessThan(streams.length * 25);
    expect(bytesInUse() - inUse).toBeLessThan(streams.length * 500_000);
    for (const stream of streams) stream.cancel();
    for (const error of await Promise.all(told)) expect(nameOf(error)).toBe('CANCELLED');
    await client.close();
    peer.stop();
    for (const { socket } of peer.connections) socket.destroy();
    await returnTo(before);
  });
});
