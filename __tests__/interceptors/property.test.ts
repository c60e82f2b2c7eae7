import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ClientInterceptor, type Interceptor, RpcError, Status } from 'tributary';
import {
  type Handlers,
  type Message,
  numbered,
  PLAIN_TRANSPORTS,
  rig,
  within,
} from '../stories/harness.js';

/** Many short runs: what a slow, busy machine may take for them, in milliseconds. */
const LONG = 90_000;

const LAYERS = ['pass', 'touch', 'map', 'look', 'delay', 'delay the end'] as const;
type Layer = (typeof LAYERS)[number];

/** Both sides' layers; those that read the stream themselves are for clients. */
function layer(kind: Layer): Interceptor {
  return async (intercepted, next) => {
    switch (kind) {
      case 'pass':
        break;
      case 'touch':
        void intercepted.stream;
        break;
      case 'map':
        intercepted.mapRequests((message) => ({ ...(message as Message) }));
        intercepted.mapReplies((message) => ({ ...(message as Message) }));
        break;
      case 'look':
        intercepted.mapRequests(() => undefined);
        intercepted.mapReplies(() => undefined);
        break;
      case 'delay':
        for (let i = 0; i < 3; i += 1) await turn();
        break;
      case 'delay the end': {
        const status = await next();
        for (let i = 0; i < 3; i += 1) await turn();
        return status;
      }
    }
    return next();
  };
}

interface Script {
  readonly client: readonly Layer[];
  readonly server: readonly Layer[];
  readonly requests: number;
  readonly replies: number;
  readonly bytes: number;
  readonly failsWith: number;
  readonly readsSlowly: boolean;
}

const anyLayers = fc.array(fc.constantFrom(...LAYERS), { maxLength: 4 });
const anyScript: fc.Arbitrary<Script> = fc.record({
  client: anyLayers,
  server: anyLayers,
  requests: fc.nat({ max: 60 }),
  replies: fc.nat({ max: 60 }),
  bytes: fc.constantFrom(1, 100, 5_000),
  failsWith: fc.constantFrom(0, 0, Status.ABORTED),
  readsSlowly: fc.boolean(),
});

/** Reads all that comes; the requests are counted in the trailers. */
function handlers({ replies, bytes, failsWith }: Script): Handlers {
  return {
    async bidiStream(stream, ctx) {
      const text = 'x'.repeat(bytes);
      const writing = stream.writeAll(numbered(replies, text));
      let count = 0;
      for await (const { n } of stream) {
        if (n !== count) throw new RpcError(Status.DATA_LOSS, `request ${n} in place of ${count}`);
        count += 1;
      }
      await writing;
      ctx.trailers.set('requests', `${count}`);
      if (failsWith !== 0) ctx.abort(failsWith);
    },
  };
}

describe.each(PLAIN_TRANSPORTS)('any interceptors around any stream over %s', (transport) => {
  it(
    'lose, double and disorder nothing, and the call ends once',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyScript, async (script) => {
          const interceptors: ClientInterceptor[] = script.client.map(layer);
          const { stub, server, client } = await rig(transport, handlers(script), {
            interceptors: script.server.map(layer),
            client: { interceptors },
          });
          let ends = 0;
          const stream = stub.bidiStream(numbered(script.requests, 'y'.repeat(script.bytes)), {
            onTrailers: () => {
              ends += 1;
            },
          });
          const seen: number[] = [];
          let error: unknown;
          const reading = (async () => {
            for await (const { n } of stream) {
              seen.push(n);
              if (script.readsSlowly) await turn();
            }
          })().catch((thrown: unknown) => {
            error = thrown;
          });
          await within(15_000, reading, `the end of ${JSON.stringify(script)}`);
          const { code, trailers } = await stream.status();
          expect(code).toBe(script.failsWith);
          expect(error === undefined).toBe(script.failsWith === 0);
          expect(seen).toEqual(Array.from({ length: script.replies }, (_, n) => n));
          expect(trailers.get('requests')).toEqual([`${script.requests}`]);
          await turn();
          expect(ends).toBe(1);
          await client.close();
          await server.close({ grace: 1_000 });
        }),
        { numRuns: 60 },
      );
    },
    LONG,
  );
});
