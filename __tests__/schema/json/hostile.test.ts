import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromJson, fromJsonText, toJson } from '../../../lib/schema/index.js';
import { all, old } from './all-types.js';
import { randomMessage } from './random-message.js';
import { arbitraryPick, respell } from './respell.js';

const said: string[] = [];
afterAll(() => void process.stdout.write(said.map((line) => `${line}\n`).join('')));

const RUNS = 300;
const codec = all.message('all.All');
const type = all.root.lookupType('all.All');

it.each([
  { name: 'all.All', schema: all, levels: 2 },
  { name: 'old.Old', schema: old, levels: 3 },
])('a message of $name that is written in other words is the same', ({ name, schema, levels }) => {
  const named = schema.message(name);
  const namedType = schema.root.lookupType(name);
  let compared = 0;
  fc.assert(
    fc.property(randomMessage(namedType, levels), arbitraryPick, (message, pick) => {
      const decoded = named.decode(named.encode(message as never));
      const json = toJson(named, decoded) as { [key: string]: unknown };
      expect(fromJson(named, respell(namedType, json, pick))).toEqual(decoded);
      compared += 1;
    }),
    { numRuns: RUNS },
  );
  said.push(`${compared} messages of ${name} read from other words for their JSON`);
});

const TOKEN = /"(?:[^"\\]|\\.)*"|[\w.+-]+|[[\]{}:,]/g;
/** What may stand instead of a value, of a key, or of nothing at all. */
const HOSTILE = (
  'null true -0 1 1.0 1e400 1e-400 99999999999999999999 0.5 {} [] [[]] "" "__proto__" "constructor" ' +
  '"toString" "1" "1.0" "-0" "NaN" "Infinity" "AQ" "-_8" "=" "1s" "-0.1s" "1970-01-01T00:00:00Z" ' +
  '"0000-01-01T00:00:00Z" "a,b" "@type" "\\ud800" "singleInt32" "single_int32" "oneString" "ONE" ' +
  '{"__proto__":{"polluted":1}} {"@type":"a/all.All"} {"@type":"a/google.protobuf.Any"} , : } ]'
).split(' ');

it('a text in which something was changed is a message or an error, and changes nothing else', () => {
  const change = fc.record({ at: fc.nat(100_000), put: fc.constantFrom(...HOSTILE) });
  const changes = fc.array(change, { minLength: 1, maxLength: 3 });
  const untouched = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(randomMessage(type, 1), changes, (message, edits) => {
      const tokens = JSON.stringify(toJson(codec, message as never)).match(TOKEN) ?? [];
      const words = [...tokens.keys()].filter((i) => /\w/.test(tokens[i] ?? ''));
      for (const { at, put } of edits) {
        const i = words[at % words.length] ?? 0;
        // For a key a text, or nearly all would be no JSON.
        tokens[i] = tokens[i + 1] === ':' && !put.startsWith('"') ? JSON.stringify(put) : put;
      }
      const text = tokens.join('');
      let outcome: string;
      try {
        // What was taken is a message: it can be encoded.
        codec.encode(fromJsonText(codec, text) as never);
        outcome = 'taken';
      } catch (error) {
        const { name, message } = error as Error;
        outcome = name;
        if (name !== 'SyntaxError') expect(message).toMatch(/^all\.All[.[:]/);
        expect(message.length).toBeLessThan(1000);
        expect(['SyntaxError', 'TypeError', 'RangeError', 'Error']).toContain(name);
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: RUNS * 4 },
  );
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(untouched);
  expect(outcomes.size).toBeGreaterThan(2);
  said.push(`changed texts: ${JSON.stringify(Object.fromEntries(outcomes))}`);
});

const LONG = 'x'.repeat(1_000_000);
const DIGITS = '9'.repeat(1_000_000);

it.each([
  ['a field', `{"${LONG}":1}`],
  ['a field that is there twice', `{"${LONG}":1,"${LONG}":1}`],
  ['digits', `{"singleDouble":"${DIGITS}"}`],
  ['digits of an integer', `{"singleInt32":"${DIGITS}"}`],
  ['a number', `{"singleInt64":${DIGITS}}`],
  ['a path', `{"singleKnownFieldmask":"_${LONG}"}`],
  ['a type', `{"singleKnownAny":{"@type":"a/${LONG}"}}`],
  [
    'a key beside a value',
    `{"singleKnownAny":{"@type":"a/google.protobuf.Duration","value":"1s","${LONG}":1}}`,
  ],
  ['an enum', `{"singleKind":"${LONG}"}`],
  ['a key of a map', `{"mapByInt32":{"${LONG}":1}}`],
  ['base64', `{"singleBytes":"${LONG}$"}`],
  ['a time', `{"singleKnownTimestamp":"${LONG}"}`],
  ['depth', `{"singleKnownValue":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['depth of an unknown field', `{"unknown":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
])('a megabyte of %s is told of in a few words', (_what, text) => {
  let told = '';
  try {
    fromJsonText(codec, text);
  } catch (error) {
    told = (error as Error).message;
  }
  expect(told).not.toBe('');
  expect(told.length).toBeLessThan(500);
});

it('does not pass over the holes of a list', () => {
  // biome-ignore lint/suspicious/noSparseArray: it is what is tested
  expect(() => fromJson(codec, { singleKnownListvalue: [1, , 2] })).toThrow(
    'all.All.singleKnownListvalue[1]: expected',
  );
});

it('what was unknown is passed over when that is asked for, however deep it is', () => {
  const text = `{"unknown":${'['.repeat(100_000)}${']'.repeat(100_000)},"singleInt32":1}`;
  expect(fromJsonText(codec, text, { ignoreUnknownFields: true })).toMatchObject({
    singleInt32: 1,
  });
});
