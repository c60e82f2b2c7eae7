import { expect, test } from '@jest/globals';
import { run } from '../../samples/by-hand/client.js';
import { addTextTools } from '../../samples/by-hand/server.js';
import { withServer } from './with-server.js';

test('by-hand: JSON and raw bytes without a .proto', async () => {
  const { seen } = await withServer(addTextTools, run);
  expect(seen.count).toMatchObject({ words: 11, letters: { a: 8, t: 7, r: 6 } });
  expect(seen.words[0]).toBe('tributary');
  expect(seen.words.at(-1)).toBe('a');
  expect(seen.intact).toBe(true);
});
