import { expect, it } from '@jest/globals';
import { Metadata, Status } from 'tributary';
import { toStatus } from '../../lib/transport/grpc/to-status.js';

it.each([
  [
    'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ',
    'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1.',
  ],
  ['No connection established. Last error: null. Resolution note: ', 'No connection established.'],
  [
    'round_robin: No connection established. Last error: null',
    'round_robin: No connection established.',
  ],
  ['as I said. Last error: null', 'as I said. Last error: null'],
])('leaves out what grpc-js does not know: %j', (details, words) => {
  const status = { code: Status.UNAVAILABLE, details, metadata: new Metadata() };
  expect(toStatus(status).details).toBe(words);
});
