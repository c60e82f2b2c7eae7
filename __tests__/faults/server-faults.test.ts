import { describe, expect, it } from '@jest/globals';
import { connectionFaults } from './cases/connection-faults.js';
import { floods } from './cases/floods.js';
import { headerFaults } from './cases/header-faults.js';
import { leavingClients } from './cases/leaving-clients.js';
import { lifeCycleFaults } from './cases/life-cycle-faults.js';
import { messageFaults } from './cases/message-faults.js';
import { pathFaults } from './cases/path-faults.js';
import { bytesInUse } from './resources.js';
import { ANY, over, type ServerFault } from './server-fault.js';
import { aim, NETWORKED, type NetworkName } from './target.js';

const TABLE: readonly (readonly [string, readonly ServerFault[]])[] = [
  ['messages', messageFaults],
  ['headers', headerFaults],
  ['connections', connectionFaults],
  ['floods', floods],
  ['paths', pathFaults],
  ['clients that leave', leavingClients],
  ['life cycle', lifeCycleFaults],
];

/**
 * That the process lives goes without saying: the test runner is in it, and hears of what is unhandled.
 *
 * Not in the table: handshakes of TLS (transport/hostile-connections.test.ts), which need certificates, and
 * a gigabyte through a slow consumer (slow/slow-consumer.test.ts), which takes processes of its own.
 */
async function survives(name: NetworkName, fault: ServerFault): Promise<void> {
  const { options, outcome, ends = [], errors = 0, most, isLast = false } = fault;
  const target = await aim(name, options);
  const before = most === undefined ? 0 : bytesInUse();
  expect(await fault.commit(target)).toBe(over(name, outcome));
  if (most !== undefined) expect(bytesInUse() - before).toBeLessThan(most);
  await target.isWell(isLast);
  expect(target.record.ends.filter((told) => !/^[A-Za-z_]+$/.test(told))).toEqual([]);
  if (ends !== ANY) expect(target.record.ends).toEqual(over(name, ends));
  expect(target.errors).toHaveLength(errors);
}

describe.each(NETWORKED)('a server over %s survives', (name) => {
  describe.each(TABLE)('%s:', (_kind, faults) => {
    it.each(faults)('$name', (fault) => survives(name, fault));
  });
});
