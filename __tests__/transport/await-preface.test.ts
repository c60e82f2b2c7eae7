import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { awaitPreface } from '../../lib/transport/listening/await-preface.js';
import { turns } from '../stories/harness.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Says `words` in pieces of these sizes, and looks at what comes of it. */
async function say(words: Buffer, cuts: number[]): Promise<{ greeted: number; socket: Duplex }> {
  const socket = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  let greeted = 0;
  awaitPreface(socket as unknown as Socket, () => {
    greeted += 1;
  });
  let said = 0;
  for (const cut of [...cuts, words.length]) {
    const end = Math.min(said + cut, words.length);
    if (end > said && !socket.destroyed) socket.push(words.subarray(said, end));
    said = end;
    await turns(1);
  }
  return { greeted, socket };
}

const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 30 });
const anything = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));

describe('the preface of HTTP/2, however it is cut', () => {
  it('is found once, and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, anything, async (sizes, rest) => {
        const words = Buffer.concat([PREFACE, rest]);
        const { greeted, socket } = await say(words, sizes);
        expect(greeted).toBe(1);
        expect(socket.destroyed).toBe(false);
        const parts: Buffer[] = [];
        for (let part = socket.read(); part !== null; part = socket.read()) parts.push(part);
        expect(Buffer.concat(parts)).toEqual(words);
      }),
    );
  });

  it('anything else closes the connection, at the first byte that tells', async () => {
    await fc.assert(
      fc.asyncProperty(
        cuts,
        fc.integer({ min: 0, max: PREFACE.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        anything,
        async (sizes, at, change, rest) => {
          const words = Buffer.from(PREFACE);
          words[at] = (words[at] as number) ^ change;
          const { greeted, socket } = await say(Buffer.concat([words, rest]), sizes);
          expect(greeted).toBe(0);
          expect(socket.destroyed).toBe(true);
        },
      ),
    );
  });

  it('a part of it is waited with', async () => {
    for (let length = 0; length < PREFACE.length; length += 1) {
      const { greeted, socket } = await say(PREFACE.subarray(0, length), []);
      expect([greeted, socket.destroyed]).toEqual([0, false]);
    }
  });
});
