import { describe, expect, test } from '@jest/globals';
import { spread } from '../../bench/statistics.js';

describe('the spread of measured values', () => {
  test('has the middle one, or the mean of the two', () => {
    expect(spread([9, 1, 4])).toEqual({ median: 4, min: 1, max: 9 });
    expect(spread([10, 9, 100, 1])).toEqual({ median: 9.5, min: 1, max: 100 });
    expect(spread([7])).toEqual({ median: 7, min: 7, max: 7 });
  });

  test('leaves the values as they are', () => {
    const values = [3, 2, 1];
    spread(values);
    expect(values).toEqual([3, 2, 1]);
  });
});
