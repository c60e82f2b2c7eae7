import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Finding } from 'tributary';
import { Place } from '../../lib/diagnose/place.js';
import {
  type Suspicion,
  Watchdog,
  type WatchedCall,
  watchdogFor,
} from '../../lib/diagnose/watchdog.js';
import { collectWarnings } from '../support/warnings.js';

class TestCall implements WatchedCall {
  readonly side = 'client';
  readonly method: string;
  readonly peer = '127.0.0.1:1';
  readonly place = new Place();
  unreadBytes = 5;
  bufferedBytes = 7;
  moved = 0;
  looks: Suspicion | undefined = { kind: 'unread', words: 'looks bad' };

  constructor(method = '/test.Service/Method') {
    this.method = method;
  }

  suspicion(): Suspicion | undefined {
    return this.looks;
  }
}

describe('a watchdog', () => {
  const findings: Finding[] = [];
  let dog: Watchdog;

  beforeEach(() => {
    jest.useFakeTimers();
    findings.length = 0;
    dog = new Watchdog({ after: 1_000, report: (finding) => findings.push(finding) });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('reports a call that has stood still for `after`, once, with all it knows', () => {
    const call = new TestCall();
    dog.watch(call, call);
    jest.advanceTimersByTime(999);
    expect(findings).toEqual([]);
    jest.advanceTimersByTime(251);
    const openedAt = call.place.line;
    expect(openedAt).toMatch(/watchdog\.test\.ts:\d+:\d+/);
    expect(findings).toEqual([
      {
        kind: 'unread',
        side: 'client',
        method: '/test.Service/Method',
        peer: '127.0.0.1:1',
        openedAt,
        age: 1250,
        quiet: 1000,
        unreadBytes: 5,
        bufferedBytes: 7,
        message:
          'call of /test.Service/Method looks bad (for 1000 ms, 5 B unread, 7 B unsent, ' +
          `peer 127.0.0.1:1); opened at ${openedAt}`,
      },
    ]);
    jest.advanceTimersByTime(60_000);
    expect(findings).toHaveLength(1);
  });

  it('reports another kind of the same call, too, and the first kind not again', () => {
    const call = new TestCall();
    dog.watch(call, call);
    jest.advanceTimersByTime(1_250);
    call.looks = { kind: 'write-block', words: 'looks worse' };
    jest.advanceTimersByTime(1_250);
    call.looks = { kind: 'unread', words: 'looks bad' };
    jest.advanceTimersByTime(5_000);
    expect(findings.map(({ kind }) => kind)).toEqual(['unread', 'write-block']);
  });

  it.each(['moved', 'bufferedBytes'] as const)('is content while %s changes', (what) => {
    const call = new TestCall();
    dog.watch(call, call);
    for (let i = 0; i < 20; i += 1) {
      jest.advanceTimersByTime(900);
      call[what] += 1;
    }
    expect(findings).toEqual([]);
  });

  it('reports nothing of a call about which nothing is suspicious, or that is over', () => {
    const fine = new TestCall();
    fine.looks = undefined;
    const over = new TestCall();
    dog.watch(fine, fine);
    dog.watch(over, over);
    jest.advanceTimersByTime(1_000);
    dog.letGo(over);
    jest.advanceTimersByTime(10_000);
    expect(findings).toEqual([]);
  });

  it('is not misled by a process that was stopped: one look is one look', () => {
    dog.watch({}, new TestCall());
    jest.advanceTimersByTime(250);
    jest.setSystemTime(Date.now() + 3_600_000);
    jest.advanceTimersByTime(250);
    expect(findings).toEqual([]);
  });

  it('has no timer while no call is open, but for the one that was due', () => {
    const call = new TestCall();
    expect(jest.getTimerCount()).toBe(0);
    dog.watch(call, call);
    dog.letGo(call);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(250);
    expect(jest.getTimerCount()).toBe(0);
    dog.watch(call, call);
    jest.advanceTimersByTime(1_250);
    expect(findings).toHaveLength(1);
  });

  it('lives on when `report` throws or rejects, and says so', async () => {
    const warnings = collectWarnings();
    const throwing = new Watchdog({
      after: 100,
      report: () => {
        throw new Error('thrown');
      },
    });
    const rejecting = new Watchdog({ after: 100, report: () => Promise.reject(new Error('late')) });
    throwing.watch({}, new TestCall());
    throwing.watch({}, new TestCall());
    rejecting.watch({}, new TestCall());
    jest.advanceTimersByTime(200);
    await Promise.resolve();
    await Promise.resolve();
    const threw = 'diagnose report threw: thrown';
    expect(warnings.sort()).toEqual(['diagnose report threw: late', threw, threw]);
  });

  it('warns the process unless it has a `report`, once for each place', () => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const warning = watchdogFor(true) as Watchdog;
    const open = (): TestCall => new TestCall('/test.Service/Warned');
    for (const call of [open(), open(), new TestCall('/test.Service/Other')]) {
      warning.watch(call, call);
    }
    jest.advanceTimersByTime(9_999);
    expect(emit).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2_501);
    expect(emit.mock.calls).toEqual([
      [
        expect.stringContaining('call of /test.Service/Warned looks bad'),
        { type: 'TributaryWarning', code: 'TRIBUTARY_UNREAD' },
      ],
      [expect.stringContaining('/test.Service/Other'), expect.anything()],
    ]);
    emit.mockRestore();
  });
});
