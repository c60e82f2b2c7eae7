import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { connect, http2, Status } from 'tributary';
import { Hearing } from '../../../lib/transport/http2/channel/hearing.js';
import { Stories, turns, whenOver } from '../../stories/harness.js';
import { DATA, endsRequests, framed, type RawConnection, RESPONSE, startPeer } from './raw-peer.js';

const SILENCE = 10_000;
const TIMEOUT = 500;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** A connection of which the test says what moves. */
function connection() {
  const socket = { bytesRead: 100, bytesWritten: 100 };
  const asked: ((error: Error | null) => void)[] = [];
  const session = {
    destroyed: false,
    settings: (_none: object, answer: (error: Error | null) => void) => asked.push(answer),
  };
  const onDeaf = jest.fn();
  const hearing = new Hearing(
    session as unknown as ClientHttp2Session,
    socket as unknown as Socket,
    TIMEOUT,
    onDeaf,
  );
  whenOver(() => hearing.stop());
  const pass = async (time: number): Promise<void> => {
    jest.advanceTimersByTime(time);
    await turns();
  };
  return { socket, asked, session, onDeaf, hearing, pass };
}

describe('whether a connection still hears its server', () => {
  it('is asked after a silence with a call, once until anything has come again', async () => {
    const { hearing, pass, asked, socket, onDeaf } = connection();
    await pass(10 * SILENCE);
    expect(asked).toHaveLength(0);
    hearing.begin();
    await pass(SILENCE);
    expect(asked).toHaveLength(1);
    socket.bytesRead += 9;
    asked[0]?.(null);
    await pass(10 * SILENCE);
    expect(asked).toHaveLength(1);
    socket.bytesRead += 1;
    await pass(2 * SILENCE);
    expect(asked).toHaveLength(2);
    expect(onDeaf).not.toHaveBeenCalled();
  });

  it('is not asked while bytes come, and not without a call', async () => {
    const { hearing, pass, asked, socket } = connection();
    hearing.begin();
    for (let n = 0; n < 5; n += 1) {
      socket.bytesRead += 1;
      await pass(SILENCE);
    }
    hearing.pause();
    await pass(5 * SILENCE);
    expect(asked).toHaveLength(0);
    hearing.begin();
    await pass(SILENCE);
    expect(asked).toHaveLength(1);
  });

  it('it does if the question has left, however long the answer takes', async () => {
    const { hearing, pass, asked, socket, onDeaf } = connection();
    hearing.begin();
    await pass(SILENCE);
    socket.bytesWritten += 9;
    await pass(TIMEOUT);
    await pass(10 * SILENCE);
    expect(onDeaf).not.toHaveBeenCalled();
    expect(asked).toHaveLength(1);
  });

  it('is asked again if something else came instead of the answer, a few times', async () => {
    const { hearing, pass, asked, socket, onDeaf } = connection();
    hearing.begin();
    for (let n = 0, before = 0; n < 400; n += 1, before = asked.length) {
      await pass(TIMEOUT);
      if (asked.length > before) socket.bytesRead += 1;
    }
    expect(asked).toHaveLength(5);
    expect(onDeaf).not.toHaveBeenCalled();
    asked[4]?.(null);
    socket.bytesRead += 1;
    for (let n = 0; n < 50; n += 1) await pass(TIMEOUT);
    expect(asked).toHaveLength(6);
  });

  it('it does not if nothing has moved either way', async () => {
    const { hearing, pass, onDeaf } = connection();
    hearing.begin();
    await pass(SILENCE);
    await pass(TIMEOUT - 1);
    expect(onDeaf).not.toHaveBeenCalled();
    await pass(1);
    expect(onDeaf).toHaveBeenCalledTimes(1);
  });

  it('is no question any more when it is stopped or the session is gone', async () => {
    for (const end of ['stop', 'destroy'] as const) {
      const { hearing, session, pass, asked, onDeaf } = connection();
      hearing.begin();
      if (end === 'stop') hearing.stop();
      else session.destroyed = true;
      await pass(SILENCE);
      await pass(TIMEOUT);
      expect(asked).toHaveLength(0);
      expect(onDeaf).not.toHaveBeenCalled();
    }
  });
});

// Node stops reading then, and says nothing: not even the end of the connection is heard of.
describe('a server that breaks HTTP/2 is noticed without keepalive', () => {
  const REPLY = framed('{"n":1}');

  it.each<[string, (connection: RawConnection, stream: number) => void]>([
    ['DATA before HEADERS', (c, s) => c.data(s, REPLY)],
    ['a frame too large', (c, s) => c.send(DATA, 0, s, Buffer.alloc(16_385))],
    ['no HTTP/2 any more', (c) => c.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'after a message',
      (c, s) => {
        c.headers(s, RESPONSE);
        c.data(s, REPLY);
        c.send(DATA, 0, s, Buffer.alloc(16_385));
      },
    ],
  ])('%s', async (_what, answer) => {
    let answered = false;
    const peer = await startPeer((frame, c) => {
      if (!endsRequests(frame)) return;
      answer(c, frame.stream);
      answered = true;
    });
    const client = connect(peer.address, {
      transport: http2(),
      keepalive: { time: 3_600_000, timeout: TIMEOUT },
    });
    whenOver(() => client.close());
    const failed = client
      .stub(Stories)
      .unary({ n: 1 })
      .catch((error: unknown) => error);
    while (!answered) await turns();
    for (let time = 0; time < 6 * SILENCE; time += 500) {
      jest.advanceTimersByTime(500);
      await turns();
    }
    expect(await failed).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('may have broken HTTP/2'),
    });
  });
});
