import { describe, expect, it } from '@jest/globals';
import {
  type ConnectOptions,
  connect,
  grpc,
  http2,
  type RpcError,
  type ServerOptions,
  Status,
} from 'tributary';
import {
  aborted,
  collect,
  type Handlers,
  later,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  Stories,
  type StoryStub,
  soon,
  whenOver,
} from '../stories/harness.js';
import { Authority } from '../support/certificates.js';

const HOUR = 3_600_000;
const authority = new Authority();
const stranger = new Authority('Somebody Else');
const { cert: ca } = authority;
const own = authority.issue({ name: 'server' });

/** Answers with what the context says of the connection. */
const whoAmI: Handlers = {
  unary: (_request, { auth }) => ({
    n: auth.secure ? 1 : 0,
    text: String(auth.peerCertificate?.subject.CN ?? 'nobody'),
  }),
};

type ServerTls = NonNullable<ServerOptions['tls']>;

const TRANSPORTS = { grpc, http2 };

/** A server with `tls` that tells callers who they are, and what connects to it. */
async function secureServerOver(
  name: keyof typeof TRANSPORTS,
  tls: Partial<ServerTls> = {},
  handlers = whoAmI,
): Promise<{ address: string; call(tls: ConnectOptions['tls'], target?: string): StoryStub }> {
  const { address } = await rig(name, handlers, { tls: { ...own, ...tls }, byForce: true });
  return {
    address,
    call: (clientTls, target = address) => {
      const client = connect(target, { tls: clientTls, transport: TRANSPORTS[name]() });
      whenOver(() => client.close());
      return client.stub(Stories);
    },
  };
}

async function failure(stub: StoryStub): Promise<RpcError> {
  return (await rejection(stub.unary({ n: 0 }))) as RpcError;
}

describe.each(['grpc', 'http2'] as const)('TLS over %s', (name) => {
  const secureServer = (tls?: Partial<ServerTls>, handlers?: Handlers) =>
    secureServerOver(name, tls, handlers);

  it('all four kinds of call, and ctx.auth', async () => {
    const { call } = await secureServer(
      {},
      {
        ...whoAmI,
        serverStream: ({ n }) => numbered(n),
        clientStream: async (stream) => ({ n: (await collect(stream)).length }),
        bidiStream: async (stream) => {
          for await (const each of stream) await stream.write(each);
        },
      },
    );
    const stub = call({ ca });
    expect(await stub.unary({ n: 0 })).toEqual({ n: 1, text: 'nobody' });
    expect(await collect(stub.serverStream({ n: 3 }))).toHaveLength(3);
    expect(await stub.clientStream(numbered(4))).toEqual({ n: 4 });
    expect(await collect(stub.bidiStream(numbered(5)))).toEqual([...numbered(5)]);
  });

  it('ctx.auth of clear text is not secure, and is there on every transport', async () => {
    for (const transport of PLAIN_TRANSPORTS) {
      const { stub } = await rig(transport, whoAmI);
      expect(await stub.unary({ n: 9 })).toEqual({ n: 0, text: 'nobody' });
    }
  });

  it('a message larger than a TLS record, many at once', async () => {
    const text = 'x'.repeat(1_000_000);
    const { call } = await secureServer({}, { bidiStream: (stream) => stream });
    const replies = await collect(call({ ca }).bidiStream(numbered(20, text)));
    expect(replies.map((reply) => reply.text?.length)).toEqual(Array(20).fill(text.length));
  });

  it('an address is checked as an address, a host as a name', async () => {
    const { address, call } = await secureServer();
    const port = address.split(':')[1];
    for (const target of [`localhost:${port}`, `dns:///localhost:${port}`, `ipv4:${address}`]) {
      expect(await call({ ca }, target).unary({ n: 0 })).toMatchObject({ n: 1 });
    }
  });

  it('serverName stands in for the target', async () => {
    const { call } = await secureServer(authority.issue({ hosts: ['inside.example'] }));
    expect(await call({ ca, serverName: 'inside.example' }).unary({ n: 0 })).toMatchObject({
      n: 1,
    });
    const { code, details } = await failure(call({ ca }));
    expect(code).toBe(Status.UNAVAILABLE);
    expect(details).toMatch(/TLS with 127\.0\.0\.1 failed: .*127\.0\.0\.1.*cert/);
  });

  it('checkServerIdentity has the last word', async () => {
    const { call } = await secureServer();
    const asked: unknown[] = [];
    const told = call({
      ca,
      checkServerIdentity: (name, { subject }) => {
        asked.push([name, subject.CN]);
        return undefined;
      },
    });
    expect(await told.unary({ n: 0 })).toMatchObject({ n: 1 });
    expect(asked).toEqual([['127.0.0.1', 'server']]);
    const refused = call({ ca, checkServerIdentity: () => new Error('not pinned') });
    expect(await failure(refused)).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('not pinned'),
    });
    const threw = call({
      ca,
      checkServerIdentity: () => {
        throw new Error('oh dear');
      },
    });
    expect((await failure(threw)).details).toMatch(/checkServerIdentity threw: oh dear/);
    const promised = call({ ca, checkServerIdentity: (async () => {}) as never });
    expect((await failure(promised)).details).toMatch(/must return an Error or nothing/);
  });

  it.each<[string, () => Partial<ServerTls>, () => ConnectOptions['tls'], RegExp]>([
    ['an unknown authority', () => ({}), () => ({ ca: stranger.cert }), /certificate/],
    ['the public ones only', () => ({}), () => true, /unable to verify/],
    ['no authority but Node.js own', () => ({}), () => ({}), /unable to verify/],
    [
      'an expired certificate',
      () =>
        authority.issue({
          from: new Date(Date.now() - 2 * HOUR),
          until: new Date(Date.now() - HOUR),
        }),
      () => ({ ca }),
      /certificate has expired/,
    ],
    [
      'a certificate of tomorrow',
      () => authority.issue({ from: new Date(Date.now() + 24 * HOUR) }),
      () => ({ ca }),
      /certificate is not yet valid/,
    ],
  ])('%s: UNAVAILABLE, and the details say why', async (_what, serverTls, clientTls, why) => {
    const { call } = await secureServer(serverTls());
    const { code, details } = await failure(call(clientTls()));
    expect(code).toBe(Status.UNAVAILABLE);
    expect(details).toMatch(why);
    expect(details).toMatch(/TLS with 127\.0\.0\.1 failed/);
  });

  it('a client in clear text gets UNAVAILABLE from a secure server, and the reverse', async () => {
    const { call } = await secureServer();
    expect(await failure(call(false))).toMatchObject({ code: Status.UNAVAILABLE });
    const plain = await rig(name, whoAmI);
    const { code, details } = await failure(call({ ca }, plain.address));
    expect(code).toBe(Status.UNAVAILABLE);
    expect(details).toMatch(/TLS with 127\.0\.0\.1 failed/);
    // Neither server minds.
    expect(await call({ ca }).unary({ n: 0 })).toMatchObject({ n: 1 });
    expect(await plain.stub.unary({ n: 0 })).toMatchObject({ n: 0 });
  });
});

describe.each(['grpc', 'http2'] as const)('mutual TLS over %s', (name) => {
  const secureServer = (tls?: Partial<ServerTls>, handlers?: Handlers) =>
    secureServerOver(name, tls, handlers);

  const me = { ca, ...authority.issue({ name: 'jock' }) };
  const impostor = { ca, ...stranger.issue({ name: 'jock' }) };
  const expired = {
    ca,
    ...authority.issue({ from: new Date(Date.now() - 2 * HOUR), until: new Date(Date.now() - 9) }),
  };

  it("'require', which ca alone means, too: who has shown a certificate is let in", async () => {
    for (const mode of [{}, { clientCertificate: 'require' }] as const) {
      const { call } = await secureServer({ ca, ...mode });
      expect(await call(me).unary({ n: 0 })).toEqual({ n: 1, text: 'jock' });
      for (const wrong of [{ ca }, impostor, expired]) {
        expect(await failure(call(wrong))).toMatchObject({ code: Status.UNAVAILABLE });
      }
      expect(await call(me).unary({ n: 0 })).toEqual({ n: 1, text: 'jock' });
    }
  });

  it("'request' lets all in, and vouches only for those it can verify", async () => {
    const { call } = await secureServer({ ca, clientCertificate: 'request' });
    expect(await call(me).unary({ n: 0 })).toEqual({ n: 1, text: 'jock' });
    for (const unknown of [{ ca }, impostor, expired]) {
      expect(await call(unknown).unary({ n: 0 })).toEqual({ n: 1, text: 'nobody' });
    }
  });

  it("'none' asks for nothing", async () => {
    const { call } = await secureServer({ ca, clientCertificate: 'none' });
    expect(await call(me).unary({ n: 0 })).toEqual({ n: 1, text: 'nobody' });
  });

  it('each of several clients is told by its own certificate', async () => {
    const { call } = await secureServer({ ca });
    const names = ['ann', 'bob', 'cat'];
    const stubs = names.map((name) => call({ ca, ...authority.issue({ name }) }));
    const replies = await Promise.all(stubs.map((stub) => stub.unary({ n: 0 })));
    expect(replies.map(({ text }) => text)).toEqual(names);
  });

  it('an encrypted key with its passphrase', async () => {
    const { call } = await secureServer({ ca, ...authority.issueLocked('open sesame') });
    const locked = { ca, ...authority.issueLocked('friend') };
    expect(await call(locked).unary({ n: 0 })).toMatchObject({ n: 1 });
  });
});

describe('the end of a call under TLS', () => {
  const waits: Handlers = {
    async serverStream(_request, ctx, stream) {
      await stream.write({ n: 1 });
      outcome.resolve(await aborted(ctx.signal));
    },
  };
  let outcome = later<unknown>();

  it('a lost connection is told from a cancelled call', async () => {
    for (const [act, code] of [
      ['cancel', Status.CANCELLED],
      ['cut', Status.UNAVAILABLE],
    ] as const) {
      outcome = later();
      const { stub, cut } = await rig('grpc+tls', waits, { cuttable: true });
      const stream = stub.serverStream({ n: 0 });
      expect(await stream.read()).toEqual({ n: 1 });
      if (act === 'cut') cut();
      else stream.cancel();
      expect(await soon(outcome.promise, 'ctx.signal')).toMatchObject({ code });
      expect(await stream.status()).toMatchObject({ code });
    }
  });

  it('who it was is known beyond the end of the connection', async () => {
    const left = later<unknown>();
    const { stub, cut } = await rig(
      'grpc+tls',
      {
        async serverStream(_request, ctx, stream) {
          await stream.write({ n: 1 });
          await aborted(ctx.signal);
          left.resolve(ctx.auth.peerCertificate?.subject.CN);
        },
      },
      { cuttable: true },
    );
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    cut();
    expect(await soon(left.promise, 'the handler')).toEqual(expect.any(String));
  });

  it('a server that closes by force tells both sides', async () => {
    outcome = later();
    const { stub, server } = await rig('grpc+tls', waits, { byForce: true });
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    await soon(server.close({ grace: 0 }), 'the server to close');
    expect(await stream.status()).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await soon(outcome.promise, 'ctx.signal')).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('a server that drains lets an open stream end', async () => {
    const go = later();
    const { stub, server } = await rig('grpc+tls', {
      async serverStream(_request, _ctx, stream) {
        await stream.write({ n: 1 });
        await go.promise;
        await stream.write({ n: 2 });
      },
    });
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    const closed = server.close();
    go.resolve();
    expect(await collect(stream)).toEqual([{ n: 2 }]);
    await soon(closed, 'the server to close');
  });
});
