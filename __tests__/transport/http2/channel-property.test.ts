import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connect, http2, RpcError, Status } from 'tributary';
import { type Message, Stories, soon, turns } from '../../stories/harness.js';
import { endsRequests, type RawConnection, RST_STREAM, startPeer } from './raw-peer.js';

const MAX_CONCURRENT_STREAMS = 3;
const PREFIX_BYTES = 5;

const anyStep = fc.constantFrom(
  'call',
  'call',
  'call that waits',
  'cancel',
  'answer',
  'answer',
  'refuse',
  'go away',
  'cut',
  'let time pass',
);

/** A peer that keeps calls until it is told what to do with the oldest. */
async function startKeeper(limit: number) {
  const open: { connection: RawConnection; stream: number; text: string }[] = [];
  const overfull: number[] = [];
  const handled: string[] = [];
  const peer = await startPeer(
    (frame, connection) => {
      if (frame.type === RST_STREAM) forget(connection, frame.stream);
      if (!endsRequests(frame)) return;
      const text = frame.payload.subarray(PREFIX_BYTES).toString();
      handled.push(text);
      open.push({ connection, stream: frame.stream, text });
      const mine = open.filter((each) => each.connection === connection).length;
      if (mine > limit) overfull.push(mine);
    },
    (connection) => {
      connection.settings({ [MAX_CONCURRENT_STREAMS]: limit });
      connection.socket.once('close', () => forget(connection));
    },
  );
  function forget(connection: RawConnection, stream?: number): void {
    for (let i = open.length - 1; i >= 0; i -= 1) {
      const each = open[i] as (typeof open)[number];
      const isIt = each.connection === connection && (stream ?? each.stream) === each.stream;
      if (isIt) open.splice(i, 1);
    }
  }
  return { peer, open, overfull, handled };
}

it('whatever happens, each call ends once, none over the limit, none handled twice', async () => {
  const history = fc.array(anyStep, { minLength: 5, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 1, max: 3 }), async (steps, limit) => {
      const { peer, open, overfull, handled } = await startKeeper(limit);
      const client = connect(peer.address, {
        transport: http2({ connectionsPerAddress: 2 }),
        reconnectBackoff: { initial: 1, max: 5 },
      });
      const stub = client.stub(Stories);
      const calls: { outcome: Promise<Message | RpcError>; aborter: AbortController }[] = [];
      const begin = (waitForReady: boolean): void => {
        const aborter = new AbortController();
        const call = stub.unary({ n: calls.length }, { waitForReady, signal: aborter.signal });
        calls.push({ outcome: call.catch((error: RpcError) => error), aborter });
      };
      const act = {
        call: () => begin(false),
        'call that waits': () => begin(true),
        cancel: () => calls.at(-2)?.aborter.abort(),
        answer: () => {
          const next = open.shift();
          next?.connection.reply(next.stream, { n: 1 });
        },
        refuse: () => {
          const next = open.pop();
          next?.connection.reset(next.stream, 7);
          // As if it had not been looked at.
          if (next !== undefined) handled.splice(handled.indexOf(next.text), 1);
        },
        'go away': () => peer.connections.at(-1)?.goaway(2 ** 31 - 1, 0),
        cut: () => peer.connections.at(-1)?.socket.destroy(),
        'let time pass': () => turns(20),
      };
      for (const step of steps) {
        await act[step]();
        await turns(2);
      }
      const ending = setInterval(act.answer, 1);
      try {
        const all = Promise.all(calls.map(({ outcome }) => outcome));
        for (const outcome of await soon(all, 'all calls to end')) {
          if (!(outcome instanceof RpcError)) expect(outcome).toEqual({ n: 1 });
          else expect([Status.UNAVAILABLE, Status.CANCELLED]).toContain(outcome.code);
        }
      } finally {
        clearInterval(ending);
        await client.close();
        peer.stop();
      }
      expect(overfull).toEqual([]);
      expect(handled).toHaveLength(new Set(handled).size);
    }),
    { numRuns: 40 },
  );
});
