import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { connectPeer } from './connect-peer.js';
import { interopContract } from './contract.js';
import { Refusal, type RunningClient, type RunningServer } from './peer.js';
import { tributaryPeer } from './tributary-peer.js';

const tributary = await tributaryPeer();

// connect-node logs every answer that it could not write because the call was cancelled.
const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
afterEach(() => {
  for (const [words] of logged.mock.calls) expect(words).toMatch(/^handler for rpc/);
  logged.mockClear();
});

interopContract(connectPeer, tributary);
interopContract(await tributaryPeer({ compression: 'gzip' }), connectPeer);
interopContract(tributary, connectPeer);

describe('status messages that connect-node escapes', () => {
  let server: RunningServer;
  let client: RunningClient;

  beforeAll(async () => {
    server = await connectPeer.serve(async function* () {
      yield* [];
      throw new Refusal(3, 'expected: a/b, c');
    });
    client = tributary.connect(server.port);
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  // grpc-js decodes them with decodeURI, which leaves ; / ? : @ & = + $ , # escaped. When this
  // fails, grpc-js does better, and the trap is gone.
  test('arrive half decoded over grpc-js', async () => {
    const outcome = await client.call({ method: 'serverStream', asks: [SOME_NOTE] });
    expect(outcome).toMatchObject({ code: 3, details: 'expected%3A a%2Fb%2C c' });
  });
});

const SOME_NOTE = { text: '', number: 0, big: 0n, blob: new Uint8Array(), words: [] };
