import { connect as connectSocket, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bidiStream, bytes, http2, Server, service } from 'tributary';
import { callHeaders, END_HEADERS, FRAME, frame, PREFACE } from '../transport/http2/raw-frames.js';

/**
 * A server whose connections age within milliseconds, and clients that open and reset calls, say GOAWAY
 * and break off around that. Its exit code is 0, unless something ends the process.
 */
const [transport, seconds] = process.argv.slice(2);

const PATH = '/test.Closing/Echo';
const MESSAGE = Buffer.from([0, 0, 0, 0, 1, 7]);
const Closing = service('test.Closing', { echo: bidiStream(bytes, bytes) });

const random = (below: number): number => Math.floor(Math.random() * below);

const server = new Server({
  ...(transport === 'http2' ? { transport: http2() } : {}),
  maxConnectionAge: 6,
  maxConnectionAgeGrace: 8,
  keepalive: false,
  onError: () => {},
}).add(Closing, {
  async echo(stream) {
    if (random(2) === 0) return;
    for await (const message of stream) await stream.write(message);
  },
});
const { port } = await server.listen('127.0.0.1:0');

/** A few frames on the streams that there are, or were. */
function anyFrames(): Buffer[] {
  const frames: Buffer[] = [];
  let next = 1;
  for (let i = random(8); i > 0; i -= 1) {
    const stream = 1 + 2 * random((next + 1) / 2);
    const kind = random(6);
    if (kind < 2) {
      frames.push(frame(FRAME.headers, END_HEADERS | random(2), next, callHeaders(PATH)));
      next += 2;
    } else if (kind === 2) frames.push(frame(FRAME.reset, 0, stream, Buffer.from([0, 0, 0, 8])));
    else if (kind === 3) frames.push(frame(FRAME.data, random(2), stream, MESSAGE));
    else if (kind === 4)
      frames.push(frame(FRAME.windowUpdate, 0, stream, Buffer.from([0, 0, 0, 1])));
    else frames.push(frame(FRAME.goaway, 0, 0, Buffer.alloc(8)));
  }
  return frames;
}

/** In one piece, or in three. */
async function talk(socket: Socket): Promise<void> {
  const greeting = Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0)]);
  const frames = anyFrames();
  if (random(2) === 0) {
    socket.write(Buffer.concat([greeting, ...frames]));
    return;
  }
  const cut = random(frames.length + 1);
  for (const piece of [[greeting], frames.slice(0, cut), frames.slice(cut)]) {
    if (!socket.destroyed) socket.write(Buffer.concat(piece));
    await sleep(random(8));
  }
}

const end = Date.now() + Number(seconds) * 1_000;
let connections = 0;
while (Date.now() < end) {
  const sockets = Array.from({ length: 6 }, () => connectSocket(port, '127.0.0.1'));
  for (const socket of sockets) {
    socket.on('error', () => {}).resume();
    void talk(socket);
  }
  connections += sockets.length;
  await sleep(random(25));
  for (const socket of sockets) socket.destroy();
}
await server.close({ grace: 0 });
process.stdout.write(`${connections} connections\n`);
process.exit(0);
