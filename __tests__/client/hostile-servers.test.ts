import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { type ConnectOptions, connect, type Interceptor, Status } from 'tributary';
import {
  later,
  PLAIN_TRANSPORTS,
  plainOptions,
  rejection,
  rig,
  Stories,
  type StoryStub,
  soon,
  type TransportName,
  whenOver,
} from '../stories/harness.js';

/** A stub for a server that answers every call with this. */
async function stubFor(
  name: TransportName,
  answer: (stream: ServerHttp2Stream) => void,
  options: ConnectOptions = {},
): Promise<StoryStub> {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    answer(stream);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const client = connect(`127.0.0.1:${(server.address() as AddressInfo).port}`, {
    ...plainOptions(name),
    ...options,
  });
  whenOver(() => server.close());
  whenOver(() => client.close());
  return client.stub(Stories);
}

/** Transports that such servers can be reached by. */
const SOCKETS = ['grpc', 'http2'] as const;

describe.each(SOCKETS)('a server that compresses in no known way over %s', (name) => {
  it.each([{ 'grpc-encoding': 'foo' }, {}])(
    'fails the call and nothing else: %j',
    async (headers) => {
      const stub = await stubFor(name, (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers });
        stream.write(Buffer.from([1, 0, 0, 0, 2, 0x7b, 0x7d]));
      });
      // https://github.com/grpc/grpc/blob/master/doc/compression.md: INTERNAL on a client.
      const code = name === 'grpc' ? Status.UNIMPLEMENTED : Status.INTERNAL;
      const failure = { code, details: expect.stringMatching(/encoding|'foo'/) };
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject(failure);
      const stream = stub.bidiStream();
      expect(await rejection(stream.read())).toMatchObject(failure);
      expect(await soon(stream.status(), 'the status')).toMatchObject(failure);
    },
  );
});

describe.each(SOCKETS)('a server that answers for ever where one reply is due, over %s', (name) => {
  const passOn: Interceptor = (_call, next) => next();

  it.each([0, 1])('is cut off at the second, with %d interceptors', async (count) => {
    const cutOff = later();
    const stub = await stubFor(
      name,
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
        stream.on('close', () => cutOff.resolve());
        for (let n = 0; n < 3; n += 1) stream.write(Buffer.from([0, 0, 0, 0, 2, 0x7b, 0x7d]));
      },
      { interceptors: count === 0 ? [] : [passOn] },
    );
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
      code: Status.UNIMPLEMENTED,
      details: '/test.Stories/Unary answered with more than one message',
    });
    await soon(cutOff.promise, 'the server to be cut off');
  });
});

describe.each(PLAIN_TRANSPORTS)('a caller who errs over %s', (transport) => {
  it('is told what a parent is, and can still close the client', async () => {
    const { stub, client } = await rig(transport, { unary: (request) => request });
    const parent = { timeRemaining: () => 1 } as never;
    expect(await rejection(stub.unary({ n: 1 }, { parent }))).toMatchObject({
      message: 'parent must be the call context of a handler, got { timeRemaining }',
    });
    expect(() => stub.bidiStream({ parent })).toThrow(TypeError);
    await soon(client.close(), 'the client to close');
  });

  it('is told what a reason to cancel is', async () => {
    const { stub } = await rig(transport, { async bidiStream() {} });
    const stream = stub.bidiStream();
    expect(() => stream.cancel(new Error('no') as never)).toThrow(
      new TypeError('cancel reason must be a string, got an Error'),
    );
    await soon(stream.status(), 'the status');
  });

  it('may set a timeout beyond all calendars', async () => {
    const { stub } = await rig(transport, {
      unary: ({ n }, { deadline }) => ({ n, text: `${deadline}` }),
    });
    const timeout = Number.MAX_SAFE_INTEGER;
    expect(await stub.unary({ n: 1 }, { timeout })).toEqual({ n: 1, text: 'undefined' });
  });

  it('may throw anything from onTrailers', async () => {
    const { stub } = await rig(transport, { unary: (request) => request });
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const onTrailers = (): never => {
      throw Object.create(null);
    };
    expect(await soon(stub.unary({ n: 1 }, { onTrailers }), 'the reply')).toEqual({ n: 1 });
    expect(warned.mock.calls).toEqual([['onTrailers threw: {}', 'TributaryWarning']]);
    warned.mockRestore();
  });
});
