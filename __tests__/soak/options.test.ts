import { expect, it } from '@jest/globals';
import { parseOptions } from './options.js';

it('takes all transports and two minutes unless told otherwise', () => {
  const all = { transports: ['grpc', 'http2'], milliseconds: 120_000, json: false };
  expect(parseOptions([])).toEqual(all);
});

it('reads its options', () => {
  const args = ['--minutes', '0.5', '--transport', 'http2', '--json'];
  expect(parseOptions(args)).toEqual({ transports: ['http2'], milliseconds: 30_000, json: true });
  expect(parseOptions(['--help'])).toBe('help');
});

it.each([
  [['--minutes', '0'], "--minutes must be a number above 0, got '0'"],
  [['--minutes', 'Infinity'], "--minutes must be a number above 0, got 'Infinity'"],
  [['--transport', 'pigeon'], "--transport must be one of grpc, http2; got 'pigeon'"],
  [['--hours', '1'], '--hours'],
])('refuses %p', (args, words) => {
  expect(() => parseOptions(args)).toThrow(words);
});
