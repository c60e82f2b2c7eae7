import { expect } from '@jest/globals';
import { EOF, type RpcError, Status } from 'tributary';
import { Stories, soon } from '../stories/harness.js';
import { ACK, endsRequests, PING, startPeer } from '../transport/http2/raw-peer.js';
import type { ClientFault } from './client-fault.js';
import { nameOf } from './handler-record.js';
import { resources, returnTo } from './resources.js';
import { connectTo, type NetworkName } from './target.js';

/** A client of a server that errs, unless it is a canary that asks. */
export interface Prey {
  /** What a unary call comes to: the name of its status. */
  unary(): Promise<string>;
  /** What a stream comes to: the number of messages, and the name of its status. */
  stream(): Promise<string>;
  /** For when the fault is over: others are served, and no more sockets and timers are left than before. */
  isWell(): Promise<void>;
}

/** Where Node stops reading, keepalive has to notice. */
const KEEPALIVE = { time: 100, timeout: 300 };

export async function beAnswered(name: NetworkName, answer: ClientFault['answer']): Promise<Prey> {
  const before = resources();
  const peer = await startPeer((frame, connection) => {
    // Whoever is silent on purpose pauses its socket: a client that still listens must not give it up.
    if (frame.type === PING && frame.flags === 0) connection.send(PING, ACK, 0, frame.payload);
    if (!endsRequests(frame)) return;
    if (frame.payload.includes('canary')) connection.reply(frame.stream, { n: 7 });
    else answer(connection, frame.stream);
  });
  const client = connectTo(name, peer.address, { keepalive: KEEPALIVE });
  const stub = client.stub(Stories);
  return {
    async unary() {
      const ends: string[] = [];
      const reply = stub.unary({ n: 1 }, { onTrailers: () => void ends.push('trailers') });
      const outcome = await soon(
        reply.then(() => 'OK', nameOf),
        'the end of a unary call',
      );
      expect(ends).toHaveLength(1);
      return outcome;
    },
    async stream() {
      const stream = stub.serverStream({ n: 1 });
      let count = 0;
      try {
        while ((await soon(stream.read(), 'a message or the end')) !== EOF) count += 1;
        expect(await stream.status()).toMatchObject({ code: Status.OK });
        return `OK after ${count}`;
      } catch (error) {
        const { code } = error as RpcError;
        expect(await soon(stream.status(), 'the status')).toMatchObject({ code });
        await expect(stream.read()).rejects.toMatchObject({ code });
        return count === 0 ? nameOf(error) : `${nameOf(error)} after ${count}`;
      }
    },
    async isWell() {
      await sings(name, peer.address);
      await client.close();
      peer.stop();
      for (const { socket } of peer.connections) socket.destroy();
      await returnTo(before);
    },
  };
}

async function sings(name: NetworkName, address: string): Promise<void> {
  const canary = connectTo(name, address);
  const call = canary.stub(Stories).unary({ n: 7, text: 'canary' });
  expect(await soon(call, 'the canary')).toEqual({ n: 7 });
  await canary.close();
}
