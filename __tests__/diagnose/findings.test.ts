import { type AddressInfo, createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { connect, type Finding } from 'tributary';
import {
  aborted,
  type Handlers,
  later,
  numbered,
  PLAIN_TRANSPORTS,
  plainOptions,
  type Rig,
  type RigOptions,
  rig,
  Stories,
  soon,
  TRANSPORTS,
  type TransportName,
  turns,
  whenOver,
} from '../stories/harness.js';

/** Milliseconds; long enough that a call which is merely slow on a busy machine is not reported. */
const AFTER = 200;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Nobody who can be reached is left behind: those who wait for that have been told. */
async function letGarbageGo(): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    await turns();
    collectGarbage();
  }
  await turns();
}

/** What has been found, and the first of each kind once it is. */
class Findings {
  readonly all: Finding[] = [];
  readonly #wanted = new Map<string, (finding: Finding) => void>();
  readonly options = {
    after: AFTER,
    report: (finding: Finding) => {
      this.all.push(finding);
      this.#wanted.get(finding.kind)?.(finding);
    },
  };

  first(kind: Finding['kind']): Promise<Finding> {
    const found = this.all.find((finding) => finding.kind === kind);
    if (found !== undefined) return Promise.resolve(found);
    return soon(new Promise((resolve) => this.#wanted.set(kind, resolve)), `a finding '${kind}'`);
  }
}

async function diagnosed(
  transport: TransportName,
  side: 'client' | 'server',
  handlers: Handlers,
  options: RigOptions = {},
): Promise<Rig & { findings: Findings }> {
  const findings = new Findings();
  const { options: diagnose } = findings;
  const rigged = await rig(transport, handlers, {
    byForce: true,
    ...options,
    diagnose: side === 'server' ? diagnose : false,
    client: { ...options.client, diagnose: side === 'client' ? diagnose : false },
  });
  return { ...rigged, findings };
}

/** A handler that stays until its call is over, knows it, and reads nothing. */
const stay: Required<Handlers> = {
  unary: async (request, ctx) => {
    await aborted(ctx.signal);
    return request;
  },
  serverStream: async (_request, ctx) => void (await aborted(ctx.signal)),
  clientStream: async (_stream, ctx) => {
    await aborted(ctx.signal);
    return { n: 0 };
  },
  bidiStream: async (_stream, ctx) => void (await aborted(ctx.signal)),
};

const KB = 1024;

describe.each(TRANSPORTS)('the findings of a client over %s', (transport) => {
  it('forgotten: opened and then left alone, with the line that opened it', async () => {
    const { stub, findings } = await diagnosed(transport, 'client', stay);
    const stream = stub.bidiStream();
    const found = await findings.first('forgotten');
    expect(found).toMatchObject({ side: 'client', method: '/test.Stories/BidiStream' });
    expect(found.openedAt).toMatch(/findings\.test\.ts:\d+:\d+/);
    expect(found.message).toContain(`opened at ${found.openedAt}`);
    expect(found.message).toContain('nobody reads, writes or ends it');
    expect(found.quiet).toBeGreaterThanOrEqual(AFTER - 5);
    expect(found.age).toBeGreaterThanOrEqual(found.quiet);
    expect(findings.all).toHaveLength(1);
    stream.cancel();
  });

  it('forgotten: the stream was garbage-collected', async () => {
    const { stub, findings } = await diagnosed(transport, 'client', stay);
    // In a function of its own, whose frame is gone when the garbage is collected.
    (() => void stub.serverStream({ n: 1 }))();
    await letGarbageGo();
    const found = await findings.first('forgotten');
    expect(found.message).toContain('its stream was garbage-collected');
  });

  it('unread: replies come, nobody reads', async () => {
    const { stub, findings } = await diagnosed(transport, 'client', {
      async *serverStream(_request, ctx) {
        yield* numbered(3);
        await aborted(ctx.signal);
      },
    });
    const stream = stub.serverStream({ n: 1 });
    expect(await stream.read()).toEqual({ n: 0 });
    const found = await findings.first('unread');
    expect(found.unreadBytes).toBeGreaterThan(0);
    expect(findings.all).toHaveLength(1);
    stream.cancel();
  });

  it('no-half-close: the answer is awaited, doneWriting() was not called', async () => {
    const { stub, findings } = await diagnosed(transport, 'client', {
      async clientStream(stream) {
        let n = 0;
        for await (const _each of stream) n += 1;
        return { n };
      },
    });
    const stream = stub.clientStream();
    await stream.write({ n: 1 });
    const reply = stream.response();
    const found = await findings.first('no-half-close');
    expect(found.method).toBe('/test.Stories/ClientStream');
    await stream.doneWriting();
    expect(await reply).toEqual({ n: 1 });
  });

  it('no-half-close: both sides read for ever', async () => {
    const { stub, findings } = await diagnosed(transport, 'client', {
      async *bidiStream(stream) {
        yield* stream;
      },
    });
    const stream = stub.bidiStream();
    await stream.write({ n: 1 });
    expect(await stream.read()).toEqual({ n: 1 });
    const more = stream.read();
    await findings.first('no-half-close');
    await stream.doneWriting();
    await more;
  });
});

describe.each(PLAIN_TRANSPORTS)('over %s', (transport) => {
  it('write-block: both sides write and nobody reads; each side says so, once', async () => {
    const findings = { client: new Findings(), server: new Findings() };
    const text = 'x'.repeat(64 * KB);
    const { stub } = await rig(
      transport,
      {
        async bidiStream(stream) {
          for (let n = 0; ; n += 1) await stream.write({ n, text });
        },
      },
      {
        byForce: true,
        diagnose: findings.server.options,
        client: { diagnose: findings.client.options },
      },
    );
    const stream = stub.bidiStream();
    void (async () => {
      for (let n = 0; n < 1000; n += 1) await stream.write({ n, text });
    })().catch(() => {});
    const [ofClient, ofServer] = await Promise.all([
      findings.client.first('write-block'),
      findings.server.first('write-block'),
    ]);
    for (const found of [ofClient, ofServer]) {
      expect(found.unreadBytes).toBeGreaterThan(64 * KB);
      expect(found.bufferedBytes).toBeGreaterThanOrEqual(64 * KB);
    }
    expect(findings.client.all).toHaveLength(1);
    expect(findings.server.all).toHaveLength(1);
    stream.cancel();
  });

  it('stuck-handler: it does nothing, and would not hear of the end', async () => {
    const release = later();
    const { stub, findings } = await diagnosed(transport, 'server', {
      unary: async (request) => {
        await release.promise;
        return request;
      },
    });
    const reply = stub.unary({ n: 1 });
    const found = await findings.first('stuck-handler');
    expect(found).toMatchObject({ side: 'server', method: '/test.Stories/Unary' });
    // The harness adds the service.
    expect(found.openedAt).toMatch(/harness\.ts:\d+:\d+/);
    expect(found.message).toContain(`added at ${found.openedAt}`);
    release.resolve();
    await reply;
  });

  it('waiting: for its interceptors', async () => {
    const held = later();
    const { stub, findings } = await diagnosed(
      transport,
      'client',
      { unary: (request) => request },
      { client: { interceptors: [(_call, next) => held.promise.then(next)] } },
    );
    const reply = stub.unary({ n: 1 });
    const found = await findings.first('waiting');
    expect(found.message).toContain('waits for its interceptors to pass it on');
    held.resolve();
    expect(await reply).toEqual({ n: 1 });
    expect(findings.all).toHaveLength(1);
  });

  it('nothing: streams that are used, held by an iterator, or wait with a limit', async () => {
    const { client, stub, findings } = await diagnosed(transport, 'client', {
      ...stay,
      async *bidiStream(stream) {
        yield* stream;
      },
      async *serverStream(_request, ctx) {
        yield { n: 0 };
        await aborted(ctx.signal);
      },
    });
    const read = stub.bidiStream();
    const iterated = stub.serverStream({ n: 1 })[Symbol.asyncIterator]();
    const unary = stub.unary({ n: 1 }).catch(() => {});
    const canary = stub.bidiStream();
    await iterated.next();
    const next = iterated.next();
    const limited = read.read({ signal: AbortSignal.timeout(60_000) });
    await letGarbageGo();
    // By the time that the canary is reported, the others would have been.
    await findings.first('forgotten');
    expect(findings.all).toHaveLength(1);
    await client.close();
    expect(canary.canWriteMore).toBe(false);
    await Promise.allSettled([next, unary, limited]);
  });
});

const holdOne: Handlers = {
  unary: async (request, ctx) => {
    await aborted(ctx.signal);
    return request;
  },
};

describe('waiting', () => {
  it.each(['grpc', 'http2'] as const)('for a connection, over %s', async (transport) => {
    const findings = new Findings();
    // Takes connections and says nothing.
    const deaf = createServer();
    whenOver(() => deaf.close());
    await new Promise<void>((resolve) => void deaf.listen(0, '127.0.0.1', resolve));
    const { port } = deaf.address() as AddressInfo;
    const client = connect(`127.0.0.1:${port}`, {
      ...plainOptions(transport),
      diagnose: findings.options,
    });
    whenOver(() => client.close());
    const call = client.stub(Stories).unary({ n: 1 }, { waitForReady: true });
    call.catch(() => {});
    const found = await findings.first('waiting');
    expect(found.message).toContain('waits for a connection');
    expect(found.openedAt).toContain('findings.test.ts');
    expect(found.peer).toContain(String(port));
  });

  it('for a place, over http2', async () => {
    const { client, stub, findings } = await diagnosed('http2', 'client', holdOne, {
      maxConcurrentStreams: 1,
    });
    const calls = [1, 2].map((n) => stub.unary({ n }));
    const found = await findings.first('waiting');
    expect(found.message).toContain('waits for a place among the streams');
    expect(findings.all).toHaveLength(1);
    await client.close();
    await Promise.allSettled(calls);
  });

  it('for a place, over grpc: perhaps, where so many calls are open', async () => {
    const { client, stub, findings } = await diagnosed('grpc', 'client', holdOne, {
      maxConcurrentStreams: 1,
    });
    const calls = Array.from({ length: 101 }, (_, n) => stub.unary({ n }));
    const found = await findings.first('waiting');
    expect(found.message).toContain('may wait for a place among the streams');
    expect(found.message).toContain('101 calls of this client are open');
    await client.close();
    await Promise.allSettled(calls);
  });
});
