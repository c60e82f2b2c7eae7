import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Timer } from '../../lib/base/timer.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const LONGEST = 2 ** 31 - 1;

describe('Timer', () => {
  it.each([0, 1, 1000, LONGEST, LONGEST + 1, 2 ** 31 + 5, 3 * LONGEST + 7])(
    'fires once after %d ms, and not before',
    (delay) => {
      const fired = jest.fn();
      new Timer(delay, fired);
      if (delay > 0) {
        jest.advanceTimersByTime(delay - 1);
        expect(fired).not.toHaveBeenCalled();
      }
      jest.advanceTimersByTime(1);
      expect(fired).toHaveBeenCalledTimes(1);
    },
  );

  it.each([1_000, LONGEST + 5])('after %d ms fires unreferenced all the same', (delay) => {
    const fired = jest.fn();
    const timer = new Timer(delay, fired);
    expect(timer.unref()).toBe(timer);
    jest.advanceTimersByTime(delay);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  it('lets the process end when unreferenced, however long it is', () => {
    jest.useRealTimers();
    const referenced = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = referenced();
    const timers = [1_000, LONGEST + 5].map((delay) => new Timer(delay, () => {}));
    expect(referenced()).toBe(before + 2);
    for (const timer of timers) timer.unref();
    expect(referenced()).toBe(before);
    for (const timer of timers) timer.stop();
    jest.useFakeTimers();
  });

  it('never fires after Infinity, and takes no timer', () => {
    const timer = new Timer(Infinity, () => {});
    expect(jest.getTimerCount()).toBe(0);
    timer.stop();
  });

  it('never asks Node for a delay that it would take for 1 ms', () => {
    const set = jest.spyOn(globalThis, 'setTimeout');
    const timer = new Timer(2 ** 33, () => {});
    jest.advanceTimersByTime(LONGEST);
    for (const [, delay] of set.mock.calls) expect(delay).toBeLessThanOrEqual(LONGEST);
    expect(set).toHaveBeenCalledTimes(2);
    timer.stop();
    set.mockRestore();
  });

  it('can be stopped before it fires, after it was re-armed, and again', () => {
    for (const passed of [0, LONGEST + 5]) {
      const fired = jest.fn();
      const timer = new Timer(2 * LONGEST, fired);
      jest.advanceTimersByTime(passed);
      expect(jest.getTimerCount()).toBe(1);
      timer.stop();
      timer.stop();
      jest.advanceTimersByTime(2 * LONGEST);
      expect(fired).not.toHaveBeenCalled();
    }
  });

  it.each([1_000, LONGEST + 5])('of %d ms: once stopped, it does not begin anew', (delay) => {
    const fired = jest.fn();
    const timer = new Timer(delay, fired);
    timer.stop();
    timer.restart();
    jest.advanceTimersByTime(2 * delay);
    expect(fired).not.toHaveBeenCalled();
  });
});
