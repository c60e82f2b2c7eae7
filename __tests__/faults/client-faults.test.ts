import { describe, expect, it } from '@jest/globals';
import { beAnswered } from './buggy-server.js';
import { brokenConnections } from './cases/broken-connections.js';
import { wrongResponses } from './cases/wrong-responses.js';
import type { ClientFault } from './client-fault.js';
import { bytesInUse } from './resources.js';
import { over } from './server-fault.js';
import { NETWORKED, type NetworkName } from './target.js';

const TABLE: readonly (readonly [string, readonly ClientFault[]])[] = [
  ['responses', wrongResponses],
  ['connections', brokenConnections],
];

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
});
