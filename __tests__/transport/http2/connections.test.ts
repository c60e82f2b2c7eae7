import { describe, expect, it } from '@jest/globals';
import {
  bidiStream,
  type ConnectOptions,
  connect,
  http2,
  json,
  Server,
  Status,
  service,
} from 'tributary';
import {
  atRest,
  later,
  type Message,
  rejection,
  rig,
  Stories,
  type StoryStub,
  soon,
  startProxy,
  turns,
  whenOver,
} from '../../stories/harness.js';
import {
  endsRequests,
  GOAWAY,
  opensCall,
  PING,
  type RawConnection,
  RESPONSE,
  RST_STREAM,
  startPeer,
} from './raw-peer.js';

const MAX_CONCURRENT_STREAMS = 3;
/** A part of the stories' service. */
const Echo = service(Stories.name, { bidiStream: bidiStream(json<Message>(), json<Message>()) });
const [NO_ERROR, INTERNAL_ERROR, REFUSED, CALM] = [0, 2, 7, 11];

function stubOf(address: string, options: ConnectOptions = {}, perAddress = 1): StoryStub {
  const transport = http2({ connectionsPerAddress: perAddress });
  const client = connect(address, { transport, reconnectBackoff: { initial: 20 }, ...options });
  whenOver(() => client.close());
  return client.stub(Stories);
}

/** A peer that answers each call as the function says; told how many there were before. */
function answering(answer: (connection: RawConnection, stream: number, nth: number) => void) {
  let calls = 0;
  return startPeer((frame, connection) => {
    if (!endsRequests(frame)) return;
    calls += 1;
    answer(connection, frame.stream, calls - 1);
  });
}

describe('a call that the server cannot have looked at is made again', () => {
  it('refused: on the same connection', async () => {
    const peer = await answering((connection, stream, nth) => {
      if (nth === 0) connection.reset(stream, REFUSED);
      else connection.reply(stream, { n: nth });
    });
    expect(await stubOf(peer.address).unary({ n: 9 })).toEqual({ n: 1 });
    expect(peer.connections).toHaveLength(1);
  });

  it('above the last stream of GOAWAY: on a new one, while those below end', async () => {
    const first = later<() => void>();
    const peer = await startPeer((frame, connection) => {
      if (!endsRequests(frame)) return;
      const isFirst = connection === peer.connections[0];
      if (!isFirst) connection.reply(frame.stream, { n: 2 });
      else if (frame.stream === 1) first.resolve(() => connection.reply(1, { n: 1 }));
      else connection.goaway(1, NO_ERROR, 'tidying up');
    });
    const stub = stubOf(peer.address);
    const older = stub.unary({ n: 0 });
    const answerFirst = await soon(first.promise, 'the first call');
    expect(await soon(stub.unary({ n: 0 }), 'the second call')).toEqual({ n: 2 });
    answerFirst();
    expect(await soon(older, 'the first call')).toEqual({ n: 1 });
    expect(peer.connections).toHaveLength(2);
  });

  it('above the last stream of GOAWAY with an error, too', async () => {
    const peer = await startPeer((frame, connection) => {
      if (!endsRequests(frame)) return;
      if (connection === peer.connections[0]) connection.goaway(0, INTERNAL_ERROR);
      else connection.reply(frame.stream, { n: 1 });
    });
    expect(await soon(stubOf(peer.address).unary({ n: 0 }), 'the reply')).toEqual({ n: 1 });
  });

  it('with all that it has sent', async () => {
    const seen: string[] = [];
    const peer = await startPeer((frame, connection) => {
      if (opensCall(frame)) seen.push('call');
      if (frame.type !== 0) return;
      for (const [, n] of frame.payload.toString().matchAll(/"n":(\d+)/g)) seen.push(String(n));
      if (seen.filter((each) => each === 'call').length === 1) {
        if (frame.payload.includes('"n":2')) connection.reset(frame.stream, REFUSED);
      } else if (endsRequests(frame)) connection.reply(frame.stream, { n: 3 });
    });
    const stub = stubOf(peer.address);
    const stream = stub.clientStream();
    await stream.write({ n: 1 });
    await stream.write({ n: 2 });
    await stream.write({ n: 3 });
    expect(await soon(stream.finish(), 'the reply')).toEqual({ n: 3 });
    const again = seen.slice(seen.lastIndexOf('call'));
    expect(again).toEqual(['call', '1', '2', '3']);
  });

  it('a few times at most', async () => {
    const peer = await answering((connection, stream) => connection.reset(stream, REFUSED));
    expect(await rejection(stubOf(peer.address).unary({ n: 0 }))).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('REFUSED_STREAM'),
    });
    const opened = peer.connections.flatMap(({ frames }) => frames.filter(opensCall));
    expect(opened).toHaveLength(4);
  });

  it.each<[string, (c: RawConnection, s: number) => void, RegExp]>([
    [
      'once it has been answered',
      (c, s) => {
        c.headers(s, RESPONSE);
        c.reset(s, REFUSED);
      },
      /./,
    ],
    ['though the connection is closed with that code', (c, s) => c.goaway(s, REFUSED), /closed/],
    ['below the last stream', (c, s) => c.goaway(s, INTERNAL_ERROR, 'oh'), /INTERNAL_ERROR \(oh\)/],
    ['when the connection is cut', (c) => c.socket.destroy(), /connection was/],
    ['when it is reset otherwise', (c, s) => c.reset(s, INTERNAL_ERROR), /INTERNAL_ERROR/],
  ])('but not %s', async (_what, answer, words) => {
    const peer = await answering(answer);
    const { details } = (await rejection(stubOf(peer.address).unary({ n: 0 }))) as Error & {
      details: string;
    };
    expect(details).toMatch(words);
    expect(peer.connections.flatMap(({ frames }) => frames.filter(opensCall))).toHaveLength(1);
  });
});

describe('the limit of calls of a server', () => {
  const limited = (limit: number) => (connection: RawConnection) =>
    connection.settings({ [MAX_CONCURRENT_STREAMS]: limit });

  /** A server that takes one call at a time and answers when it is told. */
  async function oneAtATime() {
    const open: { connection: RawConnection; stream: number }[] = [];
    const peer = await startPeer((frame, connection) => {
      if (endsRequests(frame)) open.push({ connection, stream: frame.stream });
    }, limited(1));
    return {
      peer,
      open,
      answerNext: (n: number) => {
        const { connection, stream } = open.shift() as (typeof open)[number];
        connection.reply(stream, { n });
      },
    };
  }

  it('is kept: calls wait, first come, first served', async () => {
    const { peer, open, answerNext } = await oneAtATime();
    const stub = stubOf(peer.address);
    const calls = [0, 1, 2].map((n) => stub.unary({ n }));
    for (const [n, call] of calls.entries()) {
      expect(await atRest(() => open.length)).toBe(1);
      answerNext(n);
      expect(await soon(call, `call ${n}`)).toEqual({ n });
    }
    expect(peer.connections).toHaveLength(1);
  });

  it('a call that gave up waiting leaves its place to the next', async () => {
    const { peer, open, answerNext } = await oneAtATime();
    const stub = stubOf(peer.address);
    const first = stub.unary({ n: 0 });
    const aborter = new AbortController();
    const second = stub.unary({ n: 1 }, { signal: aborter.signal });
    const third = stub.unary({ n: 2 });
    await atRest(() => open.length);
    aborter.abort();
    expect(await rejection(second)).toMatchObject({ code: Status.CANCELLED });
    answerNext(0);
    expect(await soon(first, 'the first')).toEqual({ n: 0 });
    await atRest(() => open.length);
    answerNext(2);
    expect(await soon(third, 'the third')).toEqual({ n: 2 });
  });

  it('as many connections as allowed are opened for more', async () => {
    const { peer, open, answerNext } = await oneAtATime();
    const stub = stubOf(peer.address, {}, 2);
    const calls = [0, 1, 2].map((n) => stub.unary({ n }));
    expect(await atRest(() => open.length)).toBe(2);
    expect(peer.connections).toHaveLength(2);
    for (let n = 0; n < 3; n += 1) {
      await atRest(() => open.length);
      answerNext(n);
    }
    expect(await soon(Promise.all(calls), 'all calls')).toHaveLength(3);
    expect(peer.connections).toHaveLength(2);
  });

  it('a new one holds at once', async () => {
    const { peer, open } = await oneAtATime();
    const stub = stubOf(peer.address);
    const calls = [0, 1, 2].map((n) => stub.unary({ n }));
    await atRest(() => open.length);
    limited(3)(peer.connections[0] as RawConnection);
    expect(await atRest(() => open.length)).toBe(3);
    for (const [n, { connection, stream }] of open.entries()) connection.reply(stream, { n });
    expect(await soon(Promise.all(calls), 'all calls')).toHaveLength(3);
  });
});

describe('a connection', () => {
  const echo = { unary: ({ n }: { n: number }) => ({ n }) };

  it('is opened by the first call, and shared', async () => {
    const peer = await answering((connection, stream, n) => connection.reply(stream, { n }));
    const stub = stubOf(peer.address);
    await turns();
    expect(peer.connections).toHaveLength(0);
    await Promise.all([0, 1, 2, 3].map((n) => stub.unary({ n })));
    expect(peer.connections).toHaveLength(1);
  });

  it('is replaced when it was lost', async () => {
    const { stub, cut } = await rig(
      'http2',
      { ...echo, bidiStream: (stream) => stream },
      {
        cuttable: true,
        byForce: true,
      },
    );
    const stream = stub.bidiStream();
    await stream.write({ n: 1 });
    expect(await stream.read()).toEqual({ n: 1 });
    cut();
    expect(await soon(stream.status(), 'the status')).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('the connection was'),
    });
    expect(await soon(stub.unary({ n: 2 }), 'a new connection')).toEqual({ n: 2 });
  });

  it('comes back when the server does; a call that waits for that gets it', async () => {
    const first = await answering((connection, stream) => connection.reply(stream, { n: 1 }));
    const stub = stubOf(first.address, { reconnectBackoff: { initial: 20, max: 20 } });
    expect(await stub.unary({ n: 0 })).toEqual({ n: 1 });
    first.stop();
    for (const { socket } of first.connections) socket.destroy();
    await turns();
    expect(await rejection(stub.unary({ n: 0 }))).toMatchObject({
      code: Status.UNAVAILABLE,
      details: `no connection to ${first.address}: connect ECONNREFUSED ${first.address}`,
    });
    const waiting = stub.unary({ n: 0 }, { waitForReady: true });
    await startPeer(
      (frame, connection) => {
        if (endsRequests(frame)) connection.reply(frame.stream, { n: 2 });
      },
      undefined,
      first.port,
    );
    expect(await soon(waiting, 'the reply')).toEqual({ n: 2 });
  });

  it('that is not used is closed; the next call opens another', async () => {
    const peer = await answering((connection, stream, n) => connection.reply(stream, { n }));
    const stub = stubOf(peer.address, { maxConnectionIdle: 1_000 });
    expect(await stub.unary({ n: 0 })).toEqual({ n: 0 });
    const [connection] = peer.connections as [RawConnection];
    const closed = later();
    connection.socket.once('close', () => closed.resolve());
    await soon(closed.promise, 'the connection to close');
    expect(connection.frames.at(-1)?.type).toBe(GOAWAY);
    expect(await stub.unary({ n: 0 })).toEqual({ n: 1 });
    expect(peer.connections).toHaveLength(2);
  });

  it('close() ends it at once, also with a server that says nothing more', async () => {
    const peer = await answering(() => {});
    const client = connect(peer.address, { transport: http2() });
    const call = client.stub(Stories).unary({ n: 0 });
    await peer.connected(1);
    const [{ socket }] = peer.connections as [RawConnection];
    const closed = later();
    socket.once('close', () => closed.resolve());
    await soon(client.close(), 'the client to close');
    expect(await rejection(call)).toMatchObject({ code: Status.CANCELLED });
    await soon(closed.promise, 'the connection to close');
  });

  it('a cancelled call is reset, and the connection stays', async () => {
    const peer = await answering((connection, stream, nth) => {
      if (nth > 0) connection.reply(stream, { n: nth });
    });
    const stub = stubOf(peer.address);
    const aborter = new AbortController();
    const call = stub.unary({ n: 0 }, { signal: aborter.signal });
    await peer.connected(1);
    const [{ frames }] = peer.connections as [RawConnection];
    await atRest(() => frames.length);
    aborter.abort();
    expect(await rejection(call)).toMatchObject({ code: Status.CANCELLED });
    expect(await stub.unary({ n: 0 })).toEqual({ n: 1 });
    expect(frames.find(({ type }) => type === RST_STREAM)?.payload.readUInt32BE(0)).toBe(8);
    expect(peer.connections).toHaveLength(1);
  });

  it('of a server that closes it before any call is not tried again without a pause', async () => {
    const peer = await startPeer(
      () => {},
      (connection) => {
        connection.settings({ [MAX_CONCURRENT_STREAMS]: 0 });
        connection.socket.end();
      },
    );
    const stub = stubOf(peer.address, { reconnectBackoff: { initial: 60_000 } });
    expect(await rejection(stub.unary({ n: 0 }))).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('took no call'),
    });
    const waiting = rejection(stub.unary({ n: 0 }, { waitForReady: true, timeout: 200 }));
    expect(await waiting).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(peer.connections).toHaveLength(1);
  });

  it('waitForReady says what is in the way', async () => {
    const server = new Server({ transport: http2() });
    const { address } = await server.listen('127.0.0.1:0');
    await server.close();
    const client = connect(address, { transport: http2() });
    whenOver(() => client.close());
    expect(await rejection(client.waitForReady(50))).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
      details: expect.stringMatching(/within 50 ms \(no connection to .*ECONNREFUSED/),
    });
    const waiting = client.waitForReady(Infinity);
    await client.close();
    expect(await rejection(waiting)).toMatchObject({ code: Status.UNAVAILABLE });
  });
});

describe('keepalive', () => {
  it('a server that complains of too many pings gets half of them', async () => {
    const times: number[] = [];
    const peer = await startPeer((frame, connection) => {
      if (frame.type !== PING) return;
      times.push(performance.now());
      if (times.length === 1) connection.goaway(0, CALM, 'too_many_pings');
    });
    const stub = stubOf(peer.address, {
      keepalive: { time: 100, timeout: 10_000 },
      waitForReady: true,
    });
    const stream = stub.bidiStream();
    await peer.connected(2);
    const connected = performance.now();
    await atRest(() => times.length);
    while (times.length < 2) await turns();
    expect((times[1] as number) - connected).toBeGreaterThan(150);
    stream.cancel();
  });

  it('goes on behind a GOAWAY', async () => {
    const server = new Server({ transport: http2({ minPingInterval: 1 }) });
    server.add(Echo, { bidiStream: (stream) => stream });
    const { address } = await server.listen('127.0.0.1:0');
    const proxy = await startProxy(Number(address.split(':')[1]));
    whenOver(proxy.close);
    const stub = stubOf(proxy.address, { keepalive: { time: 50, timeout: 300 } });
    const stream = stub.bidiStream();
    await stream.write({ n: 1 });
    expect(await stream.read()).toEqual({ n: 1 });
    const closed = server.close({ grace: 20_000 });
    // Many pings: the server answers, so the call goes on.
    await new Promise((resolve) => setTimeout(resolve, 600));
    await stream.write({ n: 2 });
    expect(await stream.read()).toEqual({ n: 2 });
    proxy.stall();
    expect(await soon(stream.status(), 'the status')).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('keepalive'),
    });
    proxy.cut();
    await soon(closed, 'the server to close');
  });
});
