import { gunzipSync, inflateSync } from 'node:zlib';
import { type CallOptions, createClient } from '@connectrpc/connect';
import {
  compressionGzip,
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { describe, expect, it } from '@jest/globals';
import {
  connect,
  http2,
  loadService,
  MemoryTransport,
  Server,
  type ServerOptions,
  type ServerStream,
} from 'tributary';
import { Interop } from '../../peers/connect-service.js';
import { INTEROP_PROTO } from '../../peers/protobufjs-methods.js';
import {
  collect,
  type Handlers,
  later,
  type Message,
  numbered,
  rig,
  Stories,
  soon,
  whenOver,
} from '../../stories/harness.js';
import { rawRequest } from './raw-request.js';

const large: Message = { n: 1, text: 'tributary '.repeat(1_000) };
const small: Message = { n: 2 };
const handlers: Handlers = {
  unary: (request) => (request.n === 2 ? small : large),
  async *serverStream() {
    yield large;
    yield small;
    yield large;
  },
};

/** The messages of a body, each with whether it came compressed. */
function messagesOf(body: Buffer, open: (bytes: Buffer) => Buffer): [boolean, Message][] {
  const messages: [boolean, Message][] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    const compressed = body.readUInt8(at) === 1;
    const bytes = body.subarray(at + 5, end);
    messages.push([compressed, JSON.parse(String(compressed ? open(bytes) : bytes))]);
    at = end;
  }
  return messages;
}

const STREAM = { ':path': '/test.Stories/ServerStream' };

describe('replies on the wire', () => {
  it.each([
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
  ] as const)('%s, where it is worth it', async (compression, open) => {
    const { address } = await rig('http2', handlers, { compression });
    const answer = await rawRequest(address, {
      ...STREAM,
      'grpc-accept-encoding': 'br, gzip,deflate',
    });
    expect(answer.headers['grpc-encoding']).toBe(compression);
    expect(answer.status).toBe('0');
    expect(answer.body.length).toBeLessThan(1_000);
    expect(messagesOf(answer.body, open)).toEqual([
      [true, large],
      [false, small],
      [true, large],
    ]);
  });

  it.each([undefined, '', 'identity', 'identity,deflate', 'gzipped', 'x-gzip'])(
    'not for a client that accepts %s',
    async (accepted) => {
      const { address } = await rig('http2', handlers, { compression: 'gzip' });
      const answer = await rawRequest(address, { ...STREAM, 'grpc-accept-encoding': accepted });
      expect(answer.headers['grpc-encoding']).toBeUndefined();
      expect(messagesOf(answer.body, gunzipSync).map(([compressed]) => compressed)).toEqual([
        false,
        false,
        false,
      ]);
    },
  );

  it('one call otherwise than the server, both ways', async () => {
    const choosing: Handlers = {
      async *serverStream({ n }, ctx) {
        ctx.sendHeaders({}, { compression: n === 1 ? 'identity' : 'deflate' });
        yield large;
      },
    };
    const { address } = await rig('http2', choosing, { compression: 'gzip' });
    const accepting = { ...STREAM, 'grpc-accept-encoding': 'gzip,deflate' };
    const plain = await rawRequest(address, accepting);
    expect(plain.headers['grpc-encoding']).toBeUndefined();
    const body = Buffer.from('\0\0\0\0\x07{"n":2}');
    const packed = await rawRequest(address, accepting, body);
    expect(packed.headers['grpc-encoding']).toBe('deflate');
    expect(messagesOf(packed.body, inflateSync)).toEqual([[true, large]]);
  });

  it('a status alone names no encoding', async () => {
    const { address } = await rig(
      'http2',
      { unary: (_request, ctx) => ctx.abort(5) },
      { compression: 'gzip' },
    );
    const answer = await rawRequest(address, { 'grpc-accept-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: '5', trailers: undefined });
    expect(answer.headers['grpc-encoding']).toBeUndefined();
  });
});

describe.each(['gzip', 'deflate'] as const)('%s is read by', (compression) => {
  it('grpc-js, in order', async () => {
    const replies = Array.from(numbered(200), ({ n }) => (n % 3 === 0 ? { n } : { ...large, n }));
    const { address } = await rig('http2', { serverStream: () => replies }, { compression });
    const client = connect(address);
    whenOver(() => client.close());
    expect(await collect(client.stub(Stories).serverStream({ n: 0 }))).toEqual(replies);
  });
});

describe('connect-node', () => {
  it.each(['identity', 'gzip'] as const)('reads replies in %s', async (compression) => {
    const interop = await loadService<{ serverStream: ServerStream<object, { text: string }> }>(
      INTEROP_PROTO,
      'interop.Interop',
    );
    const server = new Server({ transport: http2(), compression });
    server.add(interop, {
      async *serverStream() {
        for (const { n } of numbered(50)) yield { text: `${n}`.repeat(500) };
      },
    });
    const { port } = await server.listen('127.0.0.1:0');
    whenOver(() => server.close());
    const baseUrl = `http://127.0.0.1:${port}`;
    const sessionManager = new Http2SessionManager(baseUrl);
    whenOver(() => sessionManager.abort());
    const options = { baseUrl, sessionManager, acceptCompression: [compressionGzip] };
    const client = createClient(Interop, createGrpcTransport(options)) as unknown as {
      serverStream(ask: object, options: CallOptions): AsyncIterable<{ text: string }>;
    };
    const encoding = later<string | null>();
    const onHeader = (headers: Headers): void => encoding.resolve(headers.get('grpc-encoding'));
    const replies = await soon(collect(client.serverStream({}, { onHeader })), 'the replies');
    expect(replies.map(({ text }) => text)).toEqual(
      Array.from(numbered(50), ({ n }) => `${n}`.repeat(500)),
    );
    expect(await encoding.promise).toBe(compression === 'gzip' ? 'gzip' : null);
  });
});

describe('what cannot be done is said', () => {
  it('the grpc transport refuses the option', () => {
    expect(() => new Server({ compression: 'gzip' })).toThrow(
      "compression must be 'identity' over grpc(), got 'gzip': grpc-js compresses no replies, " +
        "and the transport 'http2()' does",
    );
    expect(() => new Server({ compression: 'identity' })).not.toThrow();
  });

  it.each<[unknown, string]>([
    ['br', "compression must be one of 'identity', 'gzip', 'deflate', got 'br' (string)"],
    [true, "compression must be one of 'identity', 'gzip', 'deflate', got true (boolean)"],
  ])('%s is no compression', (compression, message) => {
    const options = { transport: http2(), compression } as ServerOptions;
    expect(() => new Server(options)).toThrow(message);
  });

  it.each(['grpc', 'http2', 'memory'] as const)('of a call over %s', async (transport) => {
    const heard: unknown[] = [];
    const attempt = (options: unknown, ctx: { sendHeaders(...args: never[]): void }): void => {
      try {
        ctx.sendHeaders({} as never, options as never);
        heard.push('taken');
      } catch (error) {
        heard.push((error as Error).message);
      }
    };
    const { stub } = await rig(transport, {
      unary(request, ctx) {
        attempt({ compression: 'br' }, ctx);
        attempt({ compress: true }, ctx);
        attempt({ compression: 'gzip' }, ctx);
        return request;
      },
    });
    expect(await stub.unary(small)).toEqual(small);
    expect(heard).toEqual([
      "compression must be one of 'identity', 'gzip', 'deflate', got 'br' (string)",
      "sendHeaders() has no option 'compress'; the options are compression",
      transport === 'grpc'
        ? "compression must be 'identity' on this server: its transport compresses no replies, http2()'s does"
        : 'taken',
    ]);
  });

  it('memory takes the option, and has no wire to see it on', async () => {
    const server = new Server({ transport: new MemoryTransport(), compression: 'gzip' });
    await server.close();
  });
});
