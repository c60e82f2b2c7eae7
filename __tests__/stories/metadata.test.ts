import { describe, expect, it } from '@jest/globals';
import { type CallContext, type CallOptions, Metadata, RpcError, Status } from 'tributary';
import {
  collect,
  type Handlers,
  later,
  type Message,
  rejection,
  rig,
  type StoryStub,
  soon,
  TRANSPORTS,
} from './harness.js';

const KINDS = ['unary', 'serverStream', 'clientStream', 'bidiStream'] as const;
type KindName = (typeof KINDS)[number];

/** Handlers of all kinds that act, and answer `{ n: 1 }`. */
function handlers(act: (ctx: CallContext) => unknown): Handlers {
  const answer = async (_request: unknown, ctx: CallContext): Promise<Message> => {
    await act(ctx);
    return { n: 1 };
  };
  async function* answers(_request: unknown, ctx: CallContext): AsyncGenerator<Message> {
    yield await answer(undefined, ctx);
  }
  return { unary: answer, serverStream: answers, clientStream: answer, bidiStream: answers };
}

/** Calls the method and gives its one reply. */
async function call(
  stub: StoryStub,
  kind: KindName,
  options: CallOptions = {},
): Promise<Message | undefined> {
  const request = { n: 0 };
  switch (kind) {
    case 'unary':
      return await stub.unary(request, options);
    case 'clientStream':
      return await stub.clientStream([request], options);
    case 'serverStream':
      return (await collect(stub.serverStream(request, options)))[0];
    case 'bidiStream':
      return (await collect(stub.bidiStream([request], options)))[0];
  }
}

/** A key, a value that it cannot have, and what the error says. */
const BAD: [string, unknown, RegExp][] = [
  ['grpc-anything', 'x', /'grpc-anything' is reserved for HTTP\/2 and gRPC; expected/],
  [':path', '/', /':path' is reserved for HTTP\/2 and gRPC; expected/],
  ['content-type', 'x', /'content-type' is reserved/],
  ['text', 'naïve', /'text' must be printable ASCII .*, got 'naïve'/],
  ['text', 5, /'text' must be a string, got 5/],
  ['raw-bin', 'text', /'raw-bin' must be bytes \(Uint8Array\)/],
];

describe.each(TRANSPORTS)('metadata over %s', (transport) => {
  it.each(KINDS)('%s: a Metadata will do wherever a plain object does', async (kind) => {
    const { stub } = await rig(
      transport,
      handlers((ctx) => {
        const given = ctx.metadata.get('raw-bin') as Buffer[];
        const headers = new Metadata();
        for (const value of given) headers.add('raw-bin', value);
        ctx.sendHeaders(headers);
        const trailers = new Metadata();
        trailers.set('word', ctx.metadata.get('word')[0] as string);
        throw new RpcError(Status.ABORTED, '', { trailers });
      }),
    );
    const metadata = new Metadata();
    metadata.set('word', 'x');
    metadata.add('raw-bin', Buffer.of(1, 2));
    metadata.add('raw-bin', Buffer.of(255));
    let heard: Metadata | undefined;
    const onHeaders = (headers: Metadata): void => {
      heard = headers;
    };
    const error = (await rejection(call(stub, kind, { metadata, onHeaders }))) as RpcError;
    expect(heard?.get('raw-bin')).toEqual([Buffer.of(1, 2), Buffer.of(255)]);
    expect(error.trailers.get('word')).toEqual(['x']);
  });

  it.each(KINDS)('%s: an error takes trailers as a plain object', async (kind) => {
    const { stub } = await rig(
      transport,
      handlers(() => {
        const trailers = { one: '1', 'raw-bin': [Uint8Array.of(1), Uint8Array.of(2)] };
        throw new RpcError(Status.ABORTED, 'why', { trailers });
      }),
    );
    const error = (await rejection(call(stub, kind))) as RpcError;
    expect(error.trailers.get('one')).toEqual(['1']);
    expect(error.trailers.get('raw-bin')).toEqual([Buffer.of(1), Buffer.of(2)]);
  });

  it('headers sent before the first message arrive before it', async () => {
    const go = later();
    const { stub } = await rig(transport, {
      async *bidiStream(_requests, ctx) {
        ctx.sendHeaders({ first: ['a', 'b'], 'raw-bin': Uint8Array.of(0) });
        await go.promise;
        ctx.trailers.set('last', 't');
        yield { n: 1 };
      },
    });
    const stream = stub.bidiStream();
    const headers = await soon(stream.headers(), 'the headers');
    expect(headers.get('first').join(', ')).toBe('a, b');
    expect(headers.get('raw-bin')).toEqual([Buffer.of(0)]);
    go.resolve();
    expect(await collect(stream)).toEqual([{ n: 1 }]);
    expect((await stream.status()).trailers.get('last')).toEqual(['t']);
  });

  it('an error of a call of the handler’s passes on, trailers too', async () => {
    let stub: StoryStub | undefined;
    const rigged = await rig(transport, {
      async unary({ n }) {
        if (n > 0) return await (stub as StoryStub).unary({ n: n - 1 });
        const trailers = { why: 'deep', 'grpc-status-details-bin': Uint8Array.of(8, 6) };
        throw new RpcError(Status.ALREADY_EXISTS, 'there is one', { trailers });
      },
    });
    ({ stub } = rigged);
    for (const hops of [0, 1, 3]) {
      const error = (await rejection(stub.unary({ n: hops }))) as RpcError;
      expect(error).toMatchObject({ code: Status.ALREADY_EXISTS, details: 'there is one' });
      expect(error.trailers.get('why')).toEqual(['deep']);
      expect(error.trailers.get('grpc-status-details-bin')).toEqual([Buffer.of(8, 6)]);
      expect(error.trailers.get('content-type')).toEqual([]);
      const again = new RpcError(Status.ABORTED, '', { trailers: error.trailers });
      expect(again.trailers.get('why')).toEqual(['deep']);
    }
  });

  it.each(BAD)('a bad %s (%p) fails at once, wherever it is given', async (key, value, words) => {
    const init = { [key]: value } as { [key: string]: string };
    const heard: unknown[] = [];
    const tried = (act: () => unknown): void => {
      try {
        act();
        heard.push('no error');
      } catch (error) {
        heard.push(error);
      }
    };
    const { stub } = await rig(
      transport,
      handlers((ctx) => {
        tried(() => ctx.sendHeaders(init));
        tried(() => ctx.trailers.set(key, value as string));
        tried(() => ctx.trailers.add(key, value as string));
        tried(() => new RpcError(Status.ABORTED, '', { trailers: init }));
      }),
    );
    for (const kind of KINDS) {
      heard.push(await rejection((async () => call(stub, kind, { metadata: init }))()));
      // The call goes on: nothing of it was sent.
      expect(await call(stub, kind)).toEqual({ n: 1 });
    }
    expect(heard).toHaveLength(5 * KINDS.length);
    for (const error of heard) {
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(words);
    }
  });

  it('two values of a trailer that HTTP/2 takes one of end the call, not the process', async () => {
    const { stub, takeErrors } = await rig(
      transport,
      handlers((ctx) => {
        ctx.trailers.add('etag', 'a');
        ctx.trailers.add('etag', 'b');
      }),
    );
    for (const kind of KINDS) {
      const error = await rejection(call(stub, kind));
      expect(error).toMatchObject({ code: Status.INTERNAL });
      expect(String(takeErrors())).toBe(
        "TypeError: trailers key 'etag' takes one value only, got 2",
      );
    }
    expect(() => stub.serverStream({ n: 0 }, { metadata: { etag: ['a', 'b'] } })).toThrow(
      "metadata key 'etag' takes one value only, got 2",
    );
  });
});
