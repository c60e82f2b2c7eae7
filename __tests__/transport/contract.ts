import { describe, expect, it } from '@jest/globals';
import { RpcError, Status, type Transport } from 'tributary';
import { atRest, rejection, soon, turns } from '../stories/harness.js';
import { Caller, endsOf, raw, textMetadata } from './contract-ends.js';
import { runAnyScript } from './contract-script.js';

const CANCELLED = 'cancel: cancelled by the client';

/** What the ports of `lib/call` say, whatever stands behind them. */
export function transportContract(name: string, make: () => Transport): void {
  describe(`the ports over ${name}`, () => {
    describe('a call', () => callRules(make));
    describe('its client', () => clientRules(make));
    describe('its server', () => serverRules(make));
    describe('an end', () => endRules(make));
    it('keeps the order of events, whatever the two do', () => runAnyScript(make), 60_000);
  });
}

function callRules(make: () => Transport): void {
  it('has headers, messages in order, and a status, told after open', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.readAll();
    answerer.readAll();
    caller.wire.send(raw('a', 'b'), () => {});
    caller.wire.send(raw('c'), () => {});
    caller.wire.halfClose();
    await answerer.last('half-close');
    expect(answerer.events).toEqual(['start', 'message a', 'message b', 'message c', 'half-close']);
    answerer.wire.sendHeaders(textMetadata({ 'x-head': 'h' }));
    answerer.wire.send(raw('d'), () => {});
    answerer.wire.send(raw('e', 'f'), () => {});
    const trailers = textMetadata({ 'x-tail': 't' });
    answerer.wire.finish({ code: Status.OK, details: '', trailers });
    await caller.last('status 0');
    expect(caller.toldInside).toEqual([]);
    expect(caller.events).toEqual(['headers', 'message d', 'message e', 'message f', 'status 0']);
    expect(caller.headers?.get('x-head')).toEqual(['h']);
    expect(caller.status?.trailers.get('x-tail')).toEqual(['t']);
  });

  it('carries its path, metadata and deadline', async () => {
    const { call } = await endsOf(make());
    const deadline = Date.now() + 60_000;
    const metadata = textMetadata({ 'x-ask': 'why' });
    const [caller, { wire }] = await call({ metadata, deadline });
    expect(wire.metadata.get('x-ask')).toEqual(['why']);
    expect(Math.abs(wire.deadline - deadline)).toBeLessThan(1_000);
    expect(wire.auth.secure).toBe(false);
    expect(caller.wire.connected).toBe(true);
    const [, endless] = await call();
    expect(endless.wire.deadline).toBe(Infinity);
  });

  it('sends headers with the first message, if not before', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.readAll();
    answerer.wire.send(raw('a'), () => {});
    await caller.messages(1);
    expect(caller.events).toEqual(['headers', 'message a']);
  });

  it('gives an error behind the messages', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.readAll();
    answerer.wire.send(raw(1, 2), () => {});
    await caller.messages(2);
    answerer.wire.send(raw(3), () => {});
    await caller.messages(3);
    answerer.finish(Status.ABORTED, 'not 100% ☺');
    await caller.last('status 10');
    expect(caller.events.slice(1)).toEqual(['message 1', 'message 2', 'message 3', 'status 10']);
    expect(caller.status?.details).toBe('not 100% ☺');
  });

  it('gives the status of a call whose messages nobody has asked for', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    answerer.finish(Status.NOT_FOUND);
    await caller.last('status 5');
    expect(caller.messageCount).toBe(0);
  });

  it('to a path that nobody handles is UNIMPLEMENTED', async () => {
    const { client } = await endsOf(make());
    const caller = new Caller(client, { path: '/contract.Test/Absent' }).readAll();
    await caller.last('status 12');
    expect(caller.status?.details).toContain('/contract.Test/Absent');
  });
}

/** Both sides have these of their sinks. */
async function sentRules(send: (n: number, sent: () => void) => void): Promise<void> {
  const sent: number[] = [];
  for (const n of [1, 2, 3]) send(n, () => sent.push(n));
  expect(sent).toEqual([]);
  await soon(
    until(() => sent.length === 3),
    `sent of 3 batches, got ${sent}`,
  );
  await turns();
  expect(sent).toEqual([1, 2, 3]);
}

function clientRules(make: () => Transport): void {
  it('gets one message for each request', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    answerer.wire.send(raw(1, 2, 3), () => {});
    expect(await atRest(() => caller.messageCount)).toBe(0);
    for (const n of [1, 2, 3]) {
      caller.wire.request();
      await caller.last(`message ${n}`);
      await turns();
      expect(caller.messageCount).toBe(n);
    }
  });

  it('is told that its batches were sent: later, in order, once each', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    answerer.readAll();
    await sentRules((n, sent) => caller.wire.send(raw(n), sent));
  });

  it('is told of nothing once it has cancelled, which it may do again', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.wire.request();
    answerer.wire.send(raw(1), () => {});
    caller.wire.cancel(Status.CANCELLED, 'enough');
    const { length } = caller.events;
    caller.wire.cancel(Status.CANCELLED, 'enough');
    await answerer.last(CANCELLED);
    await turns(20);
    expect(caller.events).toHaveLength(length);
    expect(answerer.events).toEqual(['start', CANCELLED]);
  });

  it('may cancel from inside what it is told', async () => {
    const { client, answerer: next } = await endsOf(make());
    class Leaver extends Caller {
      override onMessage(bytes: Uint8Array): void {
        super.onMessage(bytes);
        this.wire.cancel(Status.CANCELLED, 'enough');
      }
    }
    const caller = new Leaver(client);
    const answerer = await next();
    answerer.wire.send(raw(1, 2, 3), () => {});
    caller.readAll();
    await answerer.last(CANCELLED);
    expect(caller.events).toEqual(['headers', 'message 1']);
  });

  it('may cancel before there is a connection, and after the end', async () => {
    const { client, answerer } = await endsOf(make());
    const early = new Caller(client);
    early.wire.cancel(Status.CANCELLED, 'enough');
    const late = new Caller(client);
    // Whether or not the first call still reached the server.
    const first = await answerer();
    await turns(20);
    if (first.events.includes(CANCELLED)) (await answerer()).finish();
    else first.finish();
    await late.last('status 0');
    late.wire.cancel(Status.CANCELLED, 'too late');
    await turns(20);
    expect(late.events).toEqual(['status 0']);
    expect(early.events).toEqual([]);
  });

  it('has no use for send, request and halfClose after the end, which harm nobody', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    answerer.finish(Status.ABORTED);
    await caller.last('status 10');
    let sent = 0;
    caller.wire.send(raw(1), () => {
      sent += 1;
    });
    caller.wire.halfClose();
    await turns(20);
    expect(sent).toBe(0);
    expect(caller.events).toEqual(['status 10']);
  });
}

function serverRules(make: () => Transport): void {
  it('is told to start first, and of nothing it has not asked for', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.wire.send(raw(1, 2), () => {});
    caller.wire.halfClose();
    await turns(20);
    expect(answerer.events).toEqual(['start']);
    answerer.wire.request();
    await answerer.last('message 1');
    await turns(20);
    expect(answerer.messageCount).toBe(1);
    answerer.wire.request();
    await answerer.last('message 2');
    await turns(20);
    expect(answerer.events.at(-1)).toBe('message 2');
    answerer.wire.request();
    await answerer.last('half-close');
  });

  it('is told that its batches were sent: later, in order, once each', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.readAll();
    await sentRules((n, sent) => answerer.wire.send(raw(n), sent));
  });

  it('may end a call that the client has not', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.wire.send(raw(1), () => {});
    caller.readAll();
    answerer.wire.send(raw('only'), () => {});
    answerer.finish();
    await caller.last('status 0');
    expect(caller.events).toEqual(['headers', 'message only', 'status 0']);
    await turns(20);
    expect(answerer.messageCount).toBe(0);
  });

  it('hears of a cancel once, and of nothing behind it', async () => {
    const { call } = await endsOf(make());
    const [caller, answerer] = await call();
    answerer.readAll();
    caller.wire.send(raw(1), () => {});
    await answerer.last('message 1');
    caller.wire.cancel(Status.CANCELLED, 'enough');
    await answerer.last(CANCELLED);
    let sent = 0;
    answerer.wire.send(raw(2), () => {
      sent += 1;
    });
    answerer.finish();
    await turns(20);
    expect(sent).toBe(0);
    expect(answerer.events).toEqual(['start', 'message 1', CANCELLED]);
  });
}

function endRules(make: () => Transport): void {
  it('that drains lets open calls end, and takes no more', async () => {
    const { client, server, call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.readAll();
    let drained = false;
    const draining = server.drain().then(() => {
      drained = true;
    });
    await turns(20);
    const late = new Caller(client);
    await late.last('status 14');
    expect(drained).toBe(false);
    answerer.wire.send(raw('still here'), () => {});
    answerer.finish();
    await caller.last('status 0');
    expect(caller.messageCount).toBe(1);
    await soon(draining, 'the server to drain');
  });

  it('that is destroyed ends its calls on both sides', async () => {
    const { server, call } = await endsOf(make());
    const [caller, answerer] = await call();
    caller.readAll();
    const draining = server.drain();
    server.destroy();
    await caller.last('status 14');
    await answerer.last('cancel: connection lost');
    await soon(draining, 'the server to drain');
  });

  it('without a server fails calls with UNAVAILABLE, after open', async () => {
    const { client, server } = await endsOf(make());
    await server.drain();
    const caller = new Caller(client);
    expect(caller.toldInside).toEqual([]);
    await caller.last('status 14');
    expect(caller.wire.connected).toBe(false);
  });

  it('is ready when there is a server', async () => {
    const { client } = await endsOf(make());
    await soon(client.waitForReady(2_000, undefined), 'the client to be ready');
    await soon(client.waitForReady(2_000, undefined), 'the client to be ready still');
  });

  it('gives up waiting: late, aborted, closed', async () => {
    const { client, server } = await endsOf(make());
    await server.drain();
    const late = await rejection(client.waitForReady(30, undefined));
    expect(RpcError.is(late)).toBe(true);
    expect(late).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    const controller = new AbortController();
    const aborted = client.waitForReady(10_000, controller.signal);
    controller.abort(new Error('no longer'));
    expect(await rejection(aborted)).toMatchObject({ message: 'no longer' });
    const closed = client.waitForReady(10_000, undefined);
    client.close();
    expect(await rejection(closed)).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('that closes leaves others of the same transport alone', async () => {
    const transport = make();
    const { client, address, answerer } = await endsOf(transport);
    const other = transport.client(address, {});
    const one = new Caller(client).readAll();
    const first = await answerer();
    const two = new Caller(other).readAll();
    (await answerer()).finish();
    await two.last('status 0');
    other.close();
    await turns(20);
    expect(one.events).toEqual([]);
    first.finish();
    await one.last('status 0');
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}
