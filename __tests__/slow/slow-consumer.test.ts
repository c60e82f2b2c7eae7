import { describe, expect, test } from '@jest/globals';
import { memoryTable } from './memory-table.js';
import { expectedTally } from './transfer.js';
import { type Moment, runTransfer } from './transfer-run.js';

const MB = 2 ** 20;
/** A gigabyte in chunks of 64 KiB; the receiver takes 10 ms over each for a while, then hurries. */
const PLAN = { chunks: 16_384, slowMilliseconds: 12_000, pauseMilliseconds: 10 };
/** By then both processes have loaded and compiled what they need. */
const SETTLED = 1_000;

describe.each([
  { direction: 'download', title: 'server to client', sender: 'server' },
  { direction: 'upload', title: 'client to server', sender: 'client' },
] as const)('a gigabyte from $title', ({ direction, title, sender }) => {
  test('keeps the memory of both processes flat though the receiver is slow', async () => {
    const { tally, moments } = await runTransfer(direction, PLAN);
    process.stdout.write(`\n${memoryTable(`a gigabyte from ${title}`, moments)}\n`);

    expect(tally).toEqual(expectedTally(PLAN.chunks));
    for (const side of ['server', 'client'] as const) {
      const settled = moments.filter((moment) => moment.side === side && moment.at >= SETTLED);
      const slow = settled.filter(({ phase }) => phase === 'slow');
      expect(growth(slow)).toBeLessThan(64);
      expect(growth(settled)).toBeLessThan(128);
    }
    // What the receiver has not taken waits at the sender, but for the windows and buffers between.
    const lead = Math.max(...leads(moments, sender));
    process.stdout.write(`the sender was at most ${lead} messages ahead\n`);
    expect(lead).toBeLessThan(160);
  });
});

/** How much the resident memory grew over the first moment's, in MB. */
function growth(moments: readonly Moment[]): number {
  return (Math.max(...moments.map(({ rss }) => rss)) - moments[0]!.rss) / MB;
}

/** By how many messages the sender was ahead, at each of its moments in the slow phase. */
function leads(moments: readonly Moment[], sender: Moment['side']): number[] {
  return moments
    .filter(({ side, phase }) => side === sender && phase === 'slow')
    .map((sent) => {
      const received = moments.findLast((m) => m.side !== sender && m.at <= sent.at);
      return sent.moved - (received?.moved ?? 0);
    });
}
