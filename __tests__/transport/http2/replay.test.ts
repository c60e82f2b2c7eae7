import { describe, expect, it } from '@jest/globals';
import { EncodedMessage } from '../../../lib/base/encoded-message.js';
import { Replay, ReplayBudget } from '../../../lib/transport/http2/replay.js';

const MEGABYTE = 1024 * 1024;
const ofSize = (bytes: number): EncodedMessage[] => [EncodedMessage.of(Buffer.alloc(bytes))];

describe('what a call keeps for another try', () => {
  it('is all of it while it waits, whatever the size', () => {
    const replay = new Replay(new ReplayBudget(10));
    for (let i = 0; i < 3; i += 1) replay.add(ofSize(20));
    expect(replay.messages).toHaveLength(3);
  });

  it('is nothing once it is open and beyond its size', () => {
    const replay = new Replay(new ReplayBudget(10));
    replay.add(ofSize(10));
    replay.trim();
    expect(replay.messages).toHaveLength(1);
    replay.add(ofSize(1));
    replay.trim();
    expect(replay.messages).toBeUndefined();
    replay.add(ofSize(1));
    expect(replay.messages).toBeUndefined();
  });

  it('is nothing when all calls together keep 16 MiB; there is room again when one is over', () => {
    const budget = new ReplayBudget(MEGABYTE);
    const first = Array.from({ length: 16 }, () => new Replay(budget));
    for (const replay of first) {
      replay.add(ofSize(MEGABYTE));
      replay.trim();
      expect(replay.messages).toHaveLength(1);
    }
    const late = new Replay(budget);
    late.add(ofSize(1));
    late.trim();
    expect(late.messages).toBeUndefined();
    for (const replay of first.slice(0, 2)) replay.giveUp();
    const next = new Replay(budget);
    next.add(ofSize(MEGABYTE));
    next.trim();
    expect(next.messages).toHaveLength(1);
    for (const replay of [...first, late, next]) replay.giveUp();
    expect(budget.kept).toBe(0);
  });

  it('may be more than 16 MiB for one call that is told so', () => {
    const replay = new Replay(new ReplayBudget(40 * MEGABYTE));
    replay.add(ofSize(39 * MEGABYTE));
    replay.trim();
    expect(replay.messages).toHaveLength(1);
  });
});
