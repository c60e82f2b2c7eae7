import { expect } from '@jest/globals';
import { Status } from 'tributary';
import { later } from '../stories/harness.js';
import { COMPRESSION_CASES } from './compression-cases.js';
import { expectReplies, type TestCase, type TestRig, zeros } from './test-case.js';
import type { Ask } from './test-peer.js';
import { ECHO_INITIAL, ECHO_TRAILING } from './test-service.js';

const REQUEST_SIZES = [27_182, 8, 1_828, 45_904];
const REPLY_SIZES = [31_415, 9, 2_653, 58_979];
const LARGE_REPLY = 314_159;
const LARGE = { responseSize: LARGE_REPLY, payload: zeros(271_828) };
/** Enough to see that one call leaves nothing behind for the next; `npm run soak` takes thousands. */
const SOAK = { calls: 20, channels: 5 };

async function largeUnary({ client }: Pick<TestRig, 'client'>): Promise<void> {
  expectReplies(await client.call({ method: 'unaryCall', asks: [LARGE] }), [LARGE_REPLY]);
}

/** A request for one reply, with a payload of its own. */
function exchange(index: number): Ask {
  const size = REPLY_SIZES[index] ?? 0;
  return { responseParameters: [{ size }], payload: zeros(REQUEST_SIZES[index] ?? 0) };
}

export const CASES: readonly TestCase[] = [
  {
    name: 'empty_unary',
    looksAtWire: true,
    async run({ client, tap }) {
      const { code, answers } = await client.call({ method: 'emptyCall', asks: [{}] });
      expect({ code, answers }).toEqual({ code: Status.OK, answers: [{}] });
      const [seen] = tap.calls;
      expect(seen?.requests).toEqual([{ compressed: false, size: 0 }]);
      expect(seen?.replies).toEqual([{ compressed: false, size: 0 }]);
    },
  },
  { name: 'large_unary', run: largeUnary },
  {
    name: 'client_streaming',
    async run({ client }) {
      const asks = REQUEST_SIZES.map((size) => ({ payload: zeros(size) }));
      const { code, answers } = await client.call({ method: 'streamingInputCall', asks });
      expect(code).toBe(Status.OK);
      expect(answers).toMatchObject([{ aggregatedPayloadSize: 74_922 }]);
    },
  },
  {
    name: 'server_streaming',
    async run({ client }) {
      const asks = [{ responseParameters: REPLY_SIZES.map((size) => ({ size })) }];
      expectReplies(await client.call({ method: 'streamingOutputCall', asks }), REPLY_SIZES);
    },
  },
  {
    name: 'ping_pong',
    impossible: ({ cannot }) => cannot?.converse,
    async run({ client }) {
      let answered = later();
      async function* asks(): AsyncGenerator<Ask> {
        for (const index of REPLY_SIZES.keys()) {
          answered = later();
          yield exchange(index);
          await answered.promise;
        }
      }
      const outcome = await client.call({
        method: 'fullDuplexCall',
        asks: asks(),
        onAnswer: () => answered.resolve(),
      });
      expectReplies(outcome, REPLY_SIZES);
    },
  },
  {
    name: 'empty_stream',
    async run({ client }) {
      expectReplies(await client.call({ method: 'fullDuplexCall', asks: [] }), []);
    },
  },
  {
    name: 'custom_metadata',
    async run({ client }) {
      const initial = { [ECHO_INITIAL]: 'test_initial_metadata_value' };
      const trailing = { [ECHO_TRAILING]: Uint8Array.of(0xab, 0xab, 0xab) };
      const metadata = { ...initial, ...trailing };
      const parameters = { responseParameters: [{ size: LARGE_REPLY }], payload: LARGE.payload };
      for (const { method, asks } of [
        { method: 'unaryCall', asks: [LARGE] },
        { method: 'fullDuplexCall', asks: [parameters] },
      ] as const) {
        const outcome = await client.call({ method, asks, metadata });
        expectReplies(outcome, [LARGE_REPLY]);
        expect(outcome).toMatchObject({ headers: initial, trailers: trailing });
      }
    },
  },
  {
    name: 'status_code_and_message',
    async run({ client }) {
      const asks = [{ responseStatus: { code: 2, message: 'test status message' } }];
      for (const method of ['unaryCall', 'fullDuplexCall'] as const) {
        const outcome = await client.call({ method, asks });
        expect(outcome).toMatchObject({ code: 2, details: 'test status message', answers: [] });
      }
    },
  },
  {
    name: 'special_status_message',
    async run({ client }) {
      const message = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n';
      const asks = [{ responseStatus: { code: 2, message } }];
      const outcome = await client.call({ method: 'unaryCall', asks });
      expect(outcome).toMatchObject({ code: 2, details: message, answers: [] });
    },
  },
  unimplemented('unimplemented_method', 'unimplementedCall'),
  unimplemented('unimplemented_service', 'unimplementedService'),
  {
    name: 'cancel_after_begin',
    impossible: ({ cannot }) => cannot?.cancel,
    looksAtWire: true,
    async run({ client, tap }) {
      const { signal, abort } = cancelling();
      async function* nothing(): AsyncGenerator<Ask> {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      const calling = client.call({ method: 'streamingInputCall', asks: nothing(), signal });
      await tap.until(() => tap.calls.length === 1, 'the headers of the call');
      abort();
      expect(await calling).toMatchObject({ code: Status.CANCELLED, answers: [] });
      await tap.until(() => tap.calls[0]?.reset === true, 'the reset of the call');
      expect(tap.calls[0]?.requests).toEqual([]);
    },
  },
  {
    name: 'cancel_after_first_response',
    impossible: ({ cannot }) => cannot?.cancel,
    looksAtWire: true,
    async run({ client, tap }) {
      const { signal, abort } = cancelling();
      async function* one(): AsyncGenerator<Ask> {
        yield exchange(0);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      const method = 'fullDuplexCall';
      const outcome = await client.call({ method, asks: one(), signal, onAnswer: abort });
      expect(outcome.code).toBe(Status.CANCELLED);
      expect(outcome.answers).toHaveLength(1);
      await tap.until(() => tap.calls[0]?.reset === true, 'the reset of the call');
    },
  },
  ...COMPRESSION_CASES.map((each) => ({ ...each, looksAtWire: true as const })),
  {
    name: 'rpc_soak',
    impossible: ({ cannot }) => cannot?.reuse,
    async run({ client }) {
      for (let i = 0; i < SOAK.calls; i += 1) await largeUnary({ client });
    },
  },
  {
    name: 'channel_soak',
    async run({ connect }) {
      for (let i = 0; i < SOAK.channels; i += 1) {
        const client = connect();
        await largeUnary({ client });
        await client.close();
      }
    },
  },
  // The last: what it sends may reach the wire when it is over, and no case that looks there comes after it.
  {
    name: 'timeout_on_sleeping_server',
    impossible: ({ cannot }) => cannot?.time,
    async run({ client }) {
      const over = new AbortController();
      async function* one(): AsyncGenerator<Ask> {
        yield { payload: zeros(27_182) };
        await new Promise((resolve) => over.signal.addEventListener('abort', resolve));
      }
      const outcome = await client.call({ method: 'fullDuplexCall', asks: one(), timeout: 1 });
      over.abort();
      expect(outcome).toMatchObject({ code: Status.DEADLINE_EXCEEDED, answers: [] });
    },
  },
];

function unimplemented(
  name: string,
  method: 'unimplementedCall' | 'unimplementedService',
): TestCase {
  return {
    name,
    async run({ client }) {
      const outcome = await client.call({ method, asks: [{}] });
      expect(outcome).toMatchObject({ code: Status.UNIMPLEMENTED, answers: [] });
    },
  };
}

function cancelling(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
