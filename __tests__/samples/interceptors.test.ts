import { expect, jest, test } from '@jest/globals';
import { Status } from 'tributary';
import { run } from '../../samples/interceptors/client.js';
import { addOracle } from '../../samples/interceptors/server.js';
import { withServer } from './with-server.js';

test('interceptors: a stream without a token is refused, one with a token is timed', async () => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
  const { seen, said } = await withServer(addOracle, run);
  expect(seen).toMatchObject({
    refusal: {
      code: Status.UNAUTHENTICATED,
      details: 'the call has no authorization header',
    },
    answers: ['Ada, yes.', 'Ada, no.'],
    duration: expect.stringMatching(/^\d+\.\d ms$/),
    violation: { field: 'question', description: 'must end with a question mark' },
  });
  expect(seen.log[0]).toBe('/samples.Oracle/Ask ended with 0 after 2 requests and 2 replies');
  expect(said).toContain('✗ question must end with a question mark');
});
