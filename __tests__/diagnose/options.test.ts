import { describe, expect, it } from '@jest/globals';
import { connect, MemoryTransport, Server } from 'tributary';

describe.each([
  ['connect', (diagnose: never) => connect('x:1', { transport: new MemoryTransport(), diagnose })],
  ['Server', (diagnose: never) => new Server({ diagnose })],
])('the option diagnose of %s', (_side, make) => {
  it.each([true, false, undefined, {}, { after: 1, report: () => {} }, { after: Infinity }])(
    'takes %p',
    (diagnose) => {
      expect(() => make(diagnose as never)).not.toThrow();
    },
  );

  it.each([
    ['yes', TypeError, "diagnose must be a boolean or { report, after }, got 'yes'"],
    [null, TypeError, 'diagnose must be a boolean or { report, after }, got null'],
    [{ afterwards: 1 }, TypeError, "diagnose has no option 'afterwards'"],
    [{ report: 1 }, TypeError, 'diagnose report must be a function, got 1'],
    [{ after: '1' }, TypeError, "diagnose after must be a number of milliseconds, got '1'"],
    [{ after: 0 }, RangeError, 'diagnose after must be more than 0 milliseconds, got 0'],
  ])('refuses %p', (diagnose, type, words) => {
    expect(() => make(diagnose as never)).toThrow(type);
    expect(() => make(diagnose as never)).toThrow(words);
  });
});
