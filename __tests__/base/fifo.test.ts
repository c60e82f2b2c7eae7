import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fifo } from '../../lib/base/fifo.js';

describe('Fifo', () => {
  it('does what an array does', () => {
    const runs = fc.array(fc.tuple(fc.nat({ max: 700 }), fc.nat({ max: 700 }), fc.nat({ max: 9 })));
    fc.assert(
      fc.property(runs, (steps) => {
        const fifo = new Fifo<number>();
        let array: number[] = [];
        let next = 0;
        for (const [pushes, shifts, clear] of steps) {
          for (let i = 0; i < pushes; i += 1, next += 1) {
            fifo.push(next);
            array.push(next);
          }
          for (let i = 0; i < shifts && array.length > 0; i += 1) {
            expect(fifo.shift()).toBe(array.shift());
          }
          if (clear === 0) {
            fifo.clear();
            array = [];
          }
          expect(fifo.length).toBe(array.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the order through its own tidying up', () => {
    const fifo = new Fifo<number>();
    for (let i = 0; i < 5000; i += 1) fifo.push(i);
    for (let i = 0; i < 5000; i += 1) {
      expect(fifo.shift()).toBe(i);
      if (i % 3 === 0) fifo.push(5000 + i / 3);
    }
    expect(fifo.length).toBe(1667);
    expect(fifo.shift()).toBe(5000);
  });
});
