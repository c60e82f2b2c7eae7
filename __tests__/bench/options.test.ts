import { describe, expect, test } from '@jest/globals';
import { type Options, parseOptions } from '../../bench/options.js';
import type { Case } from '../../bench/plan.js';

function options(...args: string[]): Options {
  const parsed = parseOptions(args);
  if (parsed === 'help') throw new Error('help was asked for');
  return parsed;
}

const namesOf = (cases: readonly Case[]): string[] =>
  cases.map((each) => ('workload' in each ? `${each.workload} ${each.size}` : each.memory));

describe('the options of the benchmark', () => {
  test('by default everything is measured, streaming in each size', () => {
    const { cases, rounds, milliseconds, keepProcesses } = options();
    expect(namesOf(cases)).toEqual([
      'server-streaming 110b',
      'server-streaming 1kb',
      'server-streaming 64kb',
      'client-streaming 110b',
      'client-streaming 1kb',
      'client-streaming 64kb',
      'bidi-echo 110b',
      'bidi-echo 1kb',
      'bidi-echo 64kb',
      'bidi-echo-100 110b',
      'ping-pong 110b',
      'unary-1 110b',
      'unary-64 110b',
      'first-message 110b',
      'reads 110b',
      'idle-streams',
      'churn',
    ]);
    expect(cases[0]?.contenders).toEqual([
      'grpc-js',
      'tributary-grpc',
      'tributary-http2',
      'floor',
      'nice-grpc',
      'connect-node',
    ]);
    expect({ rounds, milliseconds, keepProcesses }).toEqual({
      rounds: 5,
      milliseconds: 1_500,
      keepProcesses: false,
    });
  });

  test('--quick takes the workloads with small messages, and fewer contenders', () => {
    const { cases, rounds, keepProcesses } = options('--quick');
    expect(namesOf(cases)).toHaveLength(7);
    expect(new Set(cases.flatMap(({ contenders }) => contenders))).toEqual(
      new Set(['grpc-js', 'tributary-grpc', 'tributary-http2', 'floor']),
    );
    expect([rounds, keepProcesses]).toEqual([3, true]);
  });

  test('cases, contenders and sizes can be chosen', () => {
    const { cases } = options(
      ...['--only', 'unary-64', '--only', 'churn', '--size', '1kb', '--contender', 'floor'],
      ...['--contender', 'grpc-js', '--rounds', '2', '--seconds', '0.25'],
    );
    expect(cases).toEqual([
      { workload: 'unary-64', size: '1kb', contenders: ['grpc-js', 'floor'] },
      { memory: 'churn', contenders: ['grpc-js', 'floor'] },
    ]);
  });

  test('ways of reading are compared with one another only', () => {
    const { cases } = options(...['--contender', 'tributary-grpc-read', '--contender', 'floor']);
    const withReaders = cases.filter(({ contenders }) =>
      contenders.includes('tributary-grpc-read'),
    );
    expect(withReaders).toEqual([
      { workload: 'reads', size: '110b', contenders: ['tributary-grpc-read'] },
    ]);
  });

  test('what is wrong is said', () => {
    expect(() => options('--only', 'ping')).toThrow("no case 'ping'; there are server-streaming,");
    expect(() => options('--size', '2kb')).toThrow("no size '2kb'; there are 110b, 1kb, 64kb");
    expect(() => options('--contender', 'x')).toThrow("no contender 'x'; there are grpc-js,");
    expect(() => options('--rounds', '1.5')).toThrow("must be a whole number, got '1.5'");
    expect(() => options('--seconds', '0')).toThrow("must be a number above 0, got '0'");
    expect(() => options('--seconds', 'Infinity')).toThrow('must be a number above 0');
    expect(() => options('--fast')).toThrow('--fast');
    expect(() => options('--only', 'reads', '--contender', 'floor')).toThrow('takes part in any');
    expect(parseOptions(['-h'])).toBe('help');
  });
});
