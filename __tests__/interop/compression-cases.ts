import { expect } from '@jest/globals';
import { Status } from 'tributary';
import { expectReplies, type TestCase, type TestRig, zeros } from './test-case.js';
import type { Ask, Compressing, TestClient, TestServer } from './test-peer.js';

const EXPECTED = { expectCompressed: { value: true } };
const NOT_EXPECTED = { expectCompressed: { value: false } };
const UNARY = { responseSize: 314_159, payload: zeros(271_828) };
const FIRST = { payload: zeros(27_182) };
const SECOND = { payload: zeros(45_904) };

/** Why none can be compressed, or not each as it likes. */
function coarserThan(wanted: 'call' | 'message', compressing: Compressing): string | undefined {
  if (compressing.by === 'message' || compressing.by === wanted) return undefined;
  return compressing.because;
}

/** Why requests between these two cannot be compressed, by the call or each message. */
function requestsCoarserThan(
  wanted: 'call' | 'message',
  { requests, losesSpacedEncodings }: TestClient,
  { readsNoGzip, spacesEncodings }: TestServer,
): string | undefined {
  const lost = spacesEncodings === true ? losesSpacedEncodings : undefined;
  return readsNoGzip ?? lost ?? coarserThan(wanted, requests);
}

/** An uncompressed request that says it is compressed: to be refused by servers that can tell. */
async function probe(
  { client, server }: TestRig,
  method: 'unaryCall' | 'streamingInputCall',
  ask: Ask,
): Promise<void> {
  if (!server.checksCompression) return;
  const outcome = await client.call({ method, asks: [ask] });
  expect(outcome).toMatchObject({ code: Status.INVALID_ARGUMENT, answers: [] });
}

/** A stream of two requests, of which these are compressed. */
async function streamTwo({ client, tap }: TestRig, compressed: [boolean, boolean]): Promise<void> {
  tap.forget();
  const [first, second] = compressed.map((value) => ({ expectCompressed: { value } }));
  const { code, answers } = await client.call({
    method: 'streamingInputCall',
    asks: [
      { ...FIRST, ...first },
      { ...SECOND, ...second },
    ],
    compressed: (index) => compressed[index] === true,
  });
  expect({ code, answers }).toMatchObject({
    code: Status.OK,
    answers: [{ aggregatedPayloadSize: 73_086 }],
  });
  expect(tap.calls[0]?.requests.map((request) => request.compressed)).toEqual(compressed);
}

/** Two replies, of which these are to be compressed. */
async function askForTwo({ client, tap }: TestRig, compressed: [boolean, boolean]): Promise<void> {
  tap.forget();
  const sizes = [31_415, 92_653];
  const responseParameters = sizes.map((size, i) => ({
    size,
    compressed: { value: compressed[i] === true },
  }));
  const asks = [{ responseParameters }];
  expectReplies(await client.call({ method: 'streamingOutputCall', asks }), sizes);
  expect(tap.calls[0]?.replies.map((reply) => reply.compressed)).toEqual(compressed);
}

export const COMPRESSION_CASES: readonly TestCase[] = [
  {
    name: 'client_compressed_unary',
    impossible: (client, server) => requestsCoarserThan('call', client, server),
    async run(rig) {
      await probe(rig, 'unaryCall', { ...UNARY, ...EXPECTED });
      for (const compressed of [true, false]) {
        rig.tap.forget();
        const outcome = await rig.client.call({
          method: 'unaryCall',
          asks: [{ ...UNARY, ...(compressed ? EXPECTED : NOT_EXPECTED) }],
          compressed: () => compressed,
        });
        expectReplies(outcome, [UNARY.responseSize]);
        expect(rig.tap.calls[0]?.requests).toMatchObject([{ compressed }]);
      }
    },
  },
  {
    name: 'client_compressed_streaming',
    impossible: (client, server) => requestsCoarserThan('message', client, server),
    async run(rig) {
      await probe(rig, 'streamingInputCall', { ...FIRST, ...EXPECTED });
      await streamTwo(rig, [true, false]);
    },
  },
  {
    name: 'client_compressed_streaming, a whole stream at a time',
    standsIn: ({ requests }) => requests.by === 'call',
    impossible: (client, server) => requestsCoarserThan('call', client, server),
    async run(rig) {
      await probe(rig, 'streamingInputCall', { ...FIRST, ...EXPECTED });
      await streamTwo(rig, [true, true]);
      await streamTwo(rig, [false, false]);
    },
  },
  {
    name: 'server_compressed_unary',
    impossible: (_client, { replies }) => coarserThan('call', replies),
    async run({ client, tap }) {
      for (const compressed of [true, false]) {
        tap.forget();
        const asks = [{ ...UNARY, responseCompressed: { value: compressed } }];
        const outcome = await client.call({ method: 'unaryCall', asks });
        expectReplies(outcome, [UNARY.responseSize]);
        expect(tap.calls[0]?.replies).toMatchObject([{ compressed }]);
      }
    },
  },
  {
    name: 'server_compressed_streaming',
    impossible: (_client, { replies }) => coarserThan('message', replies),
    run: (rig) => askForTwo(rig, [true, false]),
  },
  {
    name: 'server_compressed_streaming, a whole stream at a time',
    standsIn: (_client, { replies }) => replies.by === 'call',
    async run(rig) {
      await askForTwo(rig, [true, true]);
      await askForTwo(rig, [false, false]);
    },
  },
];
