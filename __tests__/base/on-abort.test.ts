import { getEventListeners, getMaxListeners, setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { onAbort } from '../../lib/base/on-abort.js';

describe('onAbort()', () => {
  it('hears of the abort', () => {
    const controller = new AbortController();
    const heard: string[] = [];
    onAbort(controller.signal, () => heard.push('aborted'));
    controller.abort();
    expect(heard).toEqual(['aborted']);
  });

  it('lets any number of calls share a signal without a warning', () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i += 1) onAbort(signal, () => {});
    expect(getEventListeners(signal, 'abort')).toHaveLength(20);
    expect(getMaxListeners(signal)).toBe(Infinity);
  });

  it.each([0, 3])('leaves a limit of %d alone, as somebody set it', (limit) => {
    const { signal } = new AbortController();
    setMaxListeners(limit, signal);
    onAbort(signal, () => {});
    setMaxListeners(limit + 1, signal);
    expect(getMaxListeners(signal)).toBe(limit + 1);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });
});
