import { spawn } from 'node:child_process';
import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { connect } from 'tributary';
import { rig, Stories, soon, whenOver } from '../stories/harness.js';
import { callHeaders, END_HEADERS, FRAME, frame, PREFACE } from './http2/raw-frames.js';

const GREETING = [PREFACE, frame(FRAME.settings, 0, 0)];
const ACK = 1;
const OPEN = END_HEADERS;

/** The header of a frame that is larger than any may be. */
const TOO_LARGE = Buffer.from([0x50, 0, 0, 0, 0, 0, 0, 0, 1]);

function goaway(code: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(code, 4);
  return frame(FRAME.goaway, 0, 0, payload);
}

/** Each in one write: what makes Node give a stream or a session up, and right behind it what is broken. */
const STREAMS: Readonly<Record<string, readonly Buffer[]>> = {
  'a call, then a frame that is too large': [
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/BidiStream')),
    TOO_LARGE,
  ],
  'a call of no method, then a frame that is too large': [
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/Nothing')),
    TOO_LARGE,
  ],
  'a call, and its headers again': [
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/BidiStream')),
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/BidiStream')),
  ],
  'a call of no method, and its headers again': [
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/Nothing')),
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/Nothing')),
  ],
  'a call of no method, then one on a stream of the server': [
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/Nothing')),
    frame(FRAME.headers, OPEN, 2, callHeaders('/test.Stories/Nothing')),
  ],
  'a GOAWAY, a call, then settings that are none': [
    goaway(0),
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/BidiStream')),
    frame(FRAME.settings, ACK, 0, Buffer.alloc(6)),
  ],
  'a GOAWAY with an error, a call, then settings that are none': [
    goaway(2),
    frame(FRAME.headers, OPEN, 1, callHeaders('/test.Stories/BidiStream')),
    frame(FRAME.settings, ACK, 0, Buffer.alloc(6)),
  ],
};

/** Sends it all at once, from connections of their own, and waits until they are closed. */
async function send(address: string, frames: readonly Buffer[]): Promise<void> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const socket = connectSocket({ port, host: '127.0.0.1', noDelay: true });
  whenOver(() => socket.destroy());
  socket.on('error', () => {}).resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(Buffer.concat([...GREETING, ...frames]));
  await soon(closed, 'the server to close the connection');
}

describe.each(['grpc', 'http2'] as const)('a server over %s outlives', (transport) => {
  it.each(Object.keys(STREAMS))('%s', async (name) => {
    const { address, connecting } = await rig(
      transport,
      { unary: (request) => request, bidiStream: (stream) => stream },
      { byForce: true, keepalive: { time: 100, timeout: 100 } },
    );
    for (let i = 0; i < 3; i += 1) await send(address, STREAMS[name] ?? []);
    await using canary = connect(address, { ...connecting, ownConnections: true });
    expect(await soon(canary.stub(Stories).unary({ n: 7 }), 'the canary')).toEqual({ n: 7 });
  });
});

/** A server of nothing but `node:http2`, which is sent these bytes. */
const BARE = `
  const server = require('node:http2').createServer();
  server.on('session', (session) => session.on('error', () => {}));
  server.on('stream', (stream) => stream.on('error', () => {}).resume());
  server.listen(0, '127.0.0.1', () => {
    const socket = require('node:net').connect(server.address().port, '127.0.0.1');
    socket.on('error', () => {}).on('close', () => process.exit(0)).resume();
    socket.write(Buffer.from(process.argv[1], 'base64'));
    setTimeout(() => process.exit(0), 500);
  });
`;

describe('Node alone', () => {
  it('is aborted by a broken frame behind a GOAWAY: once it is not, endSafely can go', async () => {
    const bytes = Buffer.concat([
      ...GREETING,
      ...(STREAMS['a GOAWAY, a call, then settings that are none'] ?? []),
    ]);
    const child = spawn(process.execPath, ['-e', BARE, bytes.toString('base64')]);
    const ended = new Promise<unknown>((resolve) => {
      child.once('exit', (_code, signal) => resolve(signal));
    });
    const [major = 0] = process.versions.node.split('.').map(Number);
    const signal = await soon(ended, 'the process to end');
    // Later versions may have mended it.
    if (major <= 20) expect(signal).toBe('SIGABRT');
  });
});
