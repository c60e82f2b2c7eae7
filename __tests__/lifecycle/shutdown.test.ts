import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { type CallContext, connect, EOF, RpcError, Status } from 'tributary';
import {
  aborted,
  later,
  rejection,
  rig,
  Stories,
  soon,
  TRANSPORTS,
  turns,
  whenOver,
} from '../stories/harness.js';

const SHUTTING_DOWN = { code: Status.UNAVAILABLE, details: 'the server is shutting down' };

describe.each(TRANSPORTS)('close({ grace }) over %s', (name) => {
  it('tells the handlers, lets them end, and takes no more calls', async () => {
    const { server, stub, address, transport } = await rig(name, {
      unary: async (request, ctx) => {
        await aborted(ctx.draining);
        return request;
      },
      async serverStream(_request, ctx, stream) {
        await stream.write({ n: 1 });
        await aborted(ctx.draining);
        await stream.write({ n: 2 });
      },
      async clientStream(stream, ctx) {
        await aborted(ctx.draining);
        const request = await stream.read();
        return request === EOF ? { n: -1 } : request;
      },
      async bidiStream(stream, ctx) {
        for (;;) {
          const request = await stream.read({ signal: ctx.draining }).catch(() => null);
          if (request === EOF || request === null) break;
          await stream.write(request);
        }
        await stream.write({ n: 99 });
      },
    });
    expect(server.draining.aborted).toBe(false);
    const reply = stub.unary({ n: 5 });
    const replies = stub.serverStream({ n: 0 });
    const upload = stub.clientStream();
    const chat = stub.bidiStream();
    await chat.write({ n: 3 });
    expect(await soon(chat.read(), 'an echo')).toEqual({ n: 3 });
    expect(await soon(replies.read(), 'the first reply')).toEqual({ n: 1 });
    await upload.write({ n: 8 });
    await turns(10);
    const closed = server.close({ grace: 10_000 });
    expect(server.draining.reason).toMatchObject(SHUTTING_DOWN);
    expect(await soon(reply, 'the unary reply')).toEqual({ n: 5 });
    expect(await soon(replies.read(), 'the second reply')).toEqual({ n: 2 });
    expect(await replies.read()).toBe(EOF);
    expect(await soon(upload.response(), 'the reply to the upload')).toEqual({ n: 8 });
    expect(await soon(chat.read(), 'the last word')).toEqual({ n: 99 });
    expect(await chat.read()).toBe(EOF);
    await soon(closed, 'the server to close');
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
    const late = connect(address, transport === undefined ? {} : { transport });
    whenOver(() => late.close());
    expect(await rejection(late.stub(Stories).unary({ n: 1 }))).toMatchObject({
      code: Status.UNAVAILABLE,
    });
  });

  it('refuses new calls while it drains', async () => {
    const go = later();
    const { server, client, stub, address, transport } = await rig(name, {
      unary: () => go.promise.then(() => ({ n: 1 })),
    });
    await client.waitForReady();
    const open = stub.unary({ n: 1 });
    await turns(20);
    const closed = server.close({ grace: 10_000 });
    await turns(20);
    const late = connect(address, transport === undefined ? {} : { transport });
    whenOver(() => late.close());
    for (const each of [stub, late.stub(Stories)]) {
      expect(await rejection(each.unary({ n: 2 }))).toMatchObject({ code: Status.UNAVAILABLE });
    }
    go.resolve();
    expect(await soon(open, 'the call that was open')).toEqual({ n: 1 });
    await soon(closed, 'the server to close');
  });

  it('ends what is left with UNAVAILABLE, and waits for no stuck handler', async () => {
    const ctxs: CallContext[] = [];
    const { server, stub } = await rig(name, {
      bidiStream: (_stream, ctx) => {
        ctxs.push(ctx);
        return new Promise(() => {});
      },
    });
    const stream = stub.bidiStream();
    await stream.write({ n: 1 });
    while (ctxs.length === 0) await turns(1);
    await soon(server.close({ grace: 30 }), 'the server to close');
    expect(await stream.status()).toMatchObject(SHUTTING_DOWN);
    const [ctx] = ctxs as [CallContext];
    expect(ctx.draining.aborted).toBe(true);
    expect(ctx.draining.reason).toMatchObject(SHUTTING_DOWN);
    expect(ctx.signal.reason).toMatchObject(SHUTTING_DOWN);
    expect(RpcError.is(ctx.signal.reason)).toBe(true);
  });

  it('a call that ends in good order is not cancelled', async () => {
    let ctx: CallContext | undefined;
    const { server, stub } = await rig(name, {
      unary(request, context) {
        ctx = context;
        return request;
      },
    });
    await stub.unary({ n: 1 });
    await soon(server.close(), 'the server to close');
    expect(ctx?.cancelled).toBe(false);
    // Asked for after the fact, it still tells that the server has closed.
    expect(ctx?.draining.aborted).toBe(true);
  });
});

it('a connection that says nothing does not hold a closing server up', async () => {
  const { server, address } = await rig('grpc', {});
  const socket = connectSocket(Number(address.split(':')[1]), '127.0.0.1');
  whenOver(() => socket.destroy());
  const gone = new Promise((resolve) => {
    socket.on('close', resolve);
  });
  socket.on('error', () => {});
  socket.resume();
  await new Promise((resolve) => {
    socket.once('connect', resolve);
  });
  await turns(20);
  await soon(server.close({ grace: 60_000 }), 'the server to close');
  await soon(gone, 'the connection to be closed');
});
