import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Deferred, ignore, rejectedQuietly } from '../../lib/base/deferred.js';

const error = new Error('boom');

describe('Deferred', () => {
  it('settles its promise once', async () => {
    const deferred = new Deferred<number>();
    deferred.resolve(1);
    deferred.resolve(2);
    deferred.rejectQuietly(error);
    expect(await deferred.promise).toBe(1);
  });

  it('rejects quietly, and those who look still hear of it', async () => {
    const deferred = new Deferred<never>();
    deferred.rejectQuietly(error);
    const made = rejectedQuietly(error);
    await turn();
    await expect(deferred.promise).rejects.toBe(error);
    await expect(made).rejects.toBe(error);
    expect(ignore()).toBeUndefined();
  });
});
