import { expect, test } from '@jest/globals';
import { run } from '../../samples/greeter/client.js';
import { addGreeter } from '../../samples/greeter/server.js';
import { withServer } from './with-server.js';

test('greeter: all four kinds, with a null read and an EOF', async () => {
  const { seen, said } = await withServer(addGreeter, run);
  expect(seen).toEqual({
    unary: 'Hello, jock!',
    serverStream: ['Hello, jane!', 'Bonjour, jane!', 'Grüezi, jane!', 'こんにちは, jane!'],
    clientStream: 'Hello, jock and jane and joe!',
    biStream: { messages: ['Hello, jock!', 'Hello, jane!'], nulls: expect.any(Number) },
  });
  expect(seen.biStream.nulls).toBeGreaterThanOrEqual(1);
  const between = said.slice(
    said.lastIndexOf('← Hello, jock!'),
    said.lastIndexOf('← Hello, jane!'),
  );
  expect(between).toContainEqual(expect.stringMatching(/^· null/));
  expect(said.at(-1)).toMatch(/^· EOF/);
});
