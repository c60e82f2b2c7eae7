import { expect, test } from '@jest/globals';
import { Status } from 'tributary';
import { run } from '../../samples/headers/client.js';
import { addUpload } from '../../samples/headers/server.js';
import { withServer } from './with-server.js';

test('headers: request headers in, a response header and a trailer out', async () => {
  const { seen, said } = await withServer(addUpload, run);
  expect(seen).toMatchObject({
    uploadId: expect.stringMatching(/^[\da-f-]{36}$/),
    chunks: 6,
    intact: true,
    refusal: { code: Status.INVALID_ARGUMENT, details: 'the header x-file-name is missing' },
  });
  expect(said).toContain(`← ${seen.bytes} bytes in 6 chunks`);
});
