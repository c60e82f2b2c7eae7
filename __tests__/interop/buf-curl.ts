import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { bufProgram } from '../buf/buf.js';
import type { Headers } from '../peers/peer.js';
import { PLAIN_METHODS } from './protobufjs-codecs.js';
import type { Answer, TestCall, TestClient, TestOutcome } from './test-peer.js';
import { TEST_SERVICE_PROTO } from './test-service.js';

/** `buf curl`, which is connect-go: a process for each call, and JSON in and out. */
export const bufCurl: TestClient = {
  name: 'buf curl',
  requests: { by: 'nothing', because: 'buf curl compresses no requests' },
  cannot: {
    cancel: 'buf curl can be killed, but not told to cancel',
    time: "buf curl's deadline counts from its own start",
    reuse: 'each run of buf curl has a connection of its own',
  },
  connect: (port) => ({ call: (call) => run(port, call), close: async () => {} }),
};

const LIMIT = 15_000;

async function run(port: number, call: TestCall): Promise<TestOutcome> {
  const headers = Object.entries(call.metadata ?? {}).map(
    ([key, value]) => `${key}: ${toText(value)}`,
  );
  const args = [
    ...['curl', '--verbose', '--protocol', 'grpc', '--http2-prior-knowledge'],
    ...['--schema', TEST_SERVICE_PROTO, '--data', '@-'],
    ...headers.flatMap((header) => ['--header', header]),
    `http://127.0.0.1:${port}${PLAIN_METHODS[call.method].path}`,
  ];
  const child = spawn(bufProgram(), args, { timeout: LIMIT });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {}); // it is over, which its end tells
  const sent = send(child, call.asks);
  const [answers, said] = await Promise.all([receive(child, call.onAnswer), text(child.stderr)]);
  const [exit] = (await ended) as [number | null];
  if (exit === null || exit % 8 !== 0) throw new Error(`buf curl: ${exit}: ${said}`);
  await sent;
  const lines = said.split('\n');
  return { answers, code: exit / 8, details: detailsOf(lines), ...metadataOf(lines) };
}

async function send(child: ChildProcessWithoutNullStreams, asks: TestCall['asks']): Promise<void> {
  for await (const ask of asks) {
    child.stdin.write(
      JSON.stringify(ask, (_key, value: unknown) =>
        value instanceof Uint8Array ? toText(value) : value,
      ),
    );
  }
  child.stdin.end();
}

/** What it prints: each message from a line that begins with `{` to one that begins with `}`. */
async function receive(
  child: ChildProcessWithoutNullStreams,
  onAnswer: TestCall['onAnswer'],
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let lines = '';
  for await (const line of createInterface({ input: child.stdout })) {
    lines += line;
    if (line !== '}' && line !== '{}') continue;
    const answer = JSON.parse(lines, (key, value: unknown) =>
      key === 'body' ? Buffer.from(value as string, 'base64') : value,
    ) as Answer;
    lines = '';
    answers.push(answer);
    onAnswer?.(answer);
  }
  return answers;
}

/** The message of the error that it prints among what it does. */
function detailsOf(lines: readonly string[]): string {
  const error = lines.filter((line) => !line.startsWith('buf:')).join('\n');
  if (error.trim() === '') return '';
  return (JSON.parse(error) as { message?: string }).message ?? '';
}

/** What came from the server: headers, an empty line, and trailers. */
function metadataOf(lines: readonly string[]): { headers: Headers; trailers: Headers } {
  const received = lines.flatMap((line) => /^buf: < \(#\d+\) ?(.*)$/.exec(line)?.[1] ?? []);
  const end = received.indexOf('');
  return { headers: toHeaders(received.slice(1, end)), trailers: toHeaders(received.slice(end)) };
}

function toHeaders(lines: readonly string[]): Headers {
  const headers: { [key: string]: string | Uint8Array } = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key !== '') {
      headers[key] = key.endsWith('-bin') ? new Uint8Array(Buffer.from(value, 'base64')) : value;
    }
  }
  return headers;
}

function toText(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString('base64');
}
