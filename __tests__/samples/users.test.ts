import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Status } from 'tributary';
import { run } from '../../samples/users/client.js';
import { splitLine } from '../../samples/users/csv-rows.js';
import { addUsers } from '../../samples/users/server.js';
import { withServer } from './with-server.js';

test('users: bulk creation, an error, a cancelled stream, an expired deadline and a chat', async () => {
  const log: string[] = [];
  const { seen, said } = await withServer(
    (server) => addUsers(server, (line) => log.push(line)),
    run,
  );

  expect(seen.bulk.created).toBe(9_900);
  const counts: Record<string, number> = {};
  for (const { reason } of seen.bulk.errors) counts[reason] = (counts[reason] ?? 0) + 1;
  expect(counts).toEqual({
    'the email is missing': 14,
    'the email has no @ between two parts': 13,
    'the age is no whole number': 13,
    'the age is negative': 7,
    'the age is over 150': 7,
    'cannot be read as name, email, age and country': 24,
    'the email is taken': 12,
    'the name is empty': 10,
  });
  const rows = seen.bulk.errors.map(({ row }) => row);
  expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
  // Row 1 is the line below the header.
  const lines = readFileSync(
    new URL('../../samples/users/users.csv', import.meta.url),
    'utf8',
  ).split('\n');
  const nameless = seen.bulk.errors.filter(({ reason }) => reason === 'the name is empty');
  for (const { row } of nameless) expect(lines[row]).toMatch(/^(""|),/);

  expect(seen.notFound).toMatchObject({
    code: Status.NOT_FOUND,
    details: 'there is no user 1000000',
  });
  expect(seen.cancelled).toEqual({ count: 3, code: Status.CANCELLED });
  expect(seen.expired?.code).toBe(Status.DEADLINE_EXCEEDED);
  expect(seen.expired?.count).toBeGreaterThan(0);
  expect(log).toEqual([
    expect.stringMatching(/^ListUsers: the call was cancelled; stopped after \d+$/),
    // The client's own deadline can be a moment earlier than the server's, and reset the call.
    expect.stringMatching(/^ListUsers: the (deadline passed|client .* call); stopped after \d+$/),
  ]);

  expect(seen.heard).toEqual({
    annHeard: ['Ahoy Ann!', 'The water is high today.', 'Mind the current!'],
    bobHeard: ['Hi Bob!', 'Are you on the river too?', 'See you at the weir.'],
  });
  // Sending and receiving went on at the same time.
  expect(said.indexOf('← Bob hears Ann: Hi Bob!')).toBeLessThan(
    said.indexOf('→ Bob: Mind the current!'),
  );
  expect(said.indexOf('← Ann hears Bob: Ahoy Ann!')).toBeLessThan(
    said.indexOf('→ Ann: See you at the weir.'),
  );
  expect(said.at(-1)).toMatch(/^· .*EOF/);
});

describe('splitLine', () => {
  test.each<[string, string[] | undefined]>([
    ['a,b,c', ['a', 'b', 'c']],
    ['', ['']],
    [',', ['', '']],
    ['a,b,', ['a', 'b', '']],
    ['a,,,d', ['a', '', '', 'd']],
    ['"a, b",c', ['a, b', 'c']],
    ['"say ""hi""",c', ['say "hi"', 'c']],
    ['"",""', ['', '']],
    ['c,"d,"', ['c', 'd,']],
    ['"open,b', undefined],
    ['"a"b,c', undefined],
    ['a"b"', undefined],
  ])('%j', (line, fields) => {
    expect(splitLine(line)).toEqual(fields);
  });
});
