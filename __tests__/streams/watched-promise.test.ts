import { describe, expect, it } from '@jest/globals';
import { WatchedPromise } from '../../lib/streams/watched-promise.js';
import { turn } from './turn.js';

const error = new Error('does not fit');

/** A refused write, and how often somebody was noticed to look at it. */
function refused(): { write: Promise<void>; looks: () => number } {
  let count = 0;
  const write = new WatchedPromise((_resolve, reject) => reject(error));
  write.whenSeen(() => {
    count += 1;
  });
  return { write, looks: () => count };
}

describe('a watched promise', () => {
  it('is no unhandled rejection and unseen when nobody looks', async () => {
    const { write, looks } = refused();
    await turn();
    expect(write).toBeInstanceOf(Promise);
    expect(looks()).toBe(0);
  });

  const ways: Record<string, (write: Promise<void>) => unknown> = {
    'an await': async (write) => await write,
    'then()': (write) => write.then(() => 1),
    'catch()': (write) => write.catch(() => {}),
    'finally()': (write) => write.finally(() => {}),
    'Promise.all': (write) => Promise.all([write]),
    'Promise.allSettled': (write) => Promise.allSettled([write]),
    'Promise.race': (write) => Promise.race([write]),
    'an async function that returns it': (write) => (async () => write)(),
  };
  it.each(Object.entries(ways))('is seen, once, by %s', async (_name, look) => {
    const { write, looks } = refused();
    await Promise.resolve(look(write)).catch(() => {});
    expect(looks()).toBe(1);
    await expect(write).rejects.toBe(error);
    expect(looks()).toBe(1);
  });

  it('gives ordinary promises to those who chain', async () => {
    const { write } = refused();
    const chained = write.catch(() => 'handled');
    expect(chained).not.toBeInstanceOf(WatchedPromise);
    expect(await chained).toBe('handled');
  });
});
