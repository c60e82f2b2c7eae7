import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { soon, turns, whenOver, within } from '../stories/harness.js';
import { callHeaders, END_HEADERS, END_STREAM, FRAME, frame, PREFACE } from './http2/raw-frames.js';

const SCRIPT = fileURLToPath(new URL('plain-server-process.ts', import.meta.url));

const code = (value: number): Buffer => Buffer.from([0, 0, 0, value]);
const ENDS: Buffer[] = [0, 1, 2, 7, 8, 11].flatMap((value) => [
  frame(FRAME.reset, 0, 1, code(value)),
  frame(FRAME.goaway, 0, 0, Buffer.concat([code(0), code(value)])),
]);
/** DATA of a stream that there is not. */
const GARBAGE = frame(FRAME.data, 0, 9, Buffer.from([1]));

// Node reads the first packet of a connection to its end before it tells of anything in it: a call
// may be over when it is told of. Nobody can catch what is thrown then, so a process is watched.
describe.each(['grpc', 'http2'] as const)('all in the first packet, over %s', (transport) => {
  let child: ChildProcess;
  let address: string;

  beforeAll(async () => {
    child = fork(SCRIPT, { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
    const message = within(20_000, once(child, 'message'), 'the process to listen');
    const [[grpc, http2]] = (await message) as [[string, string]];
    address = transport === 'grpc' ? grpc : http2;
  }, 30_000);

  afterAll(() => {
    child.kill('SIGKILL');
  });

  it.each<[string, string, string, number]>([
    ['a call', 'POST', '/test.Plain/Echo', END_HEADERS],
    ['a call and its half-close', 'POST', '/test.Plain/Echo', END_HEADERS | END_STREAM],
    ['a call to nobody', 'POST', '/none', END_HEADERS],
    ['a call to nobody and its half-close', 'POST', '/none', END_HEADERS | END_STREAM],
    ['what is no call', 'HEAD', '/', END_HEADERS | END_STREAM],
  ])(
    '%s, and a reset, a GOAWAY or garbage: the server lives',
    async (_what, ...[method, path, flags]) => {
      for (const end of [...ENDS, GARBAGE]) {
        const socket = connectSocket(Number(address.split(':')[1]), '127.0.0.1');
        socket.on('error', () => {});
        whenOver(() => socket.destroy());
        const headers = frame(FRAME.headers, flags, 1, callHeaders(path, [], method));
        socket.write(Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0), headers, end]));
        await soon(new Promise((resolve) => socket.once('data', resolve)), 'a word of the server');
        await turns();
        socket.destroy();
      }
      expect(child.exitCode).toBeNull();
      const answer = once(child, 'message');
      child.send(address);
      expect(await within(15_000, answer, 'a call')).toEqual(['OK', undefined]);
    },
  );
});
