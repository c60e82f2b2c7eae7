// One side of the transfer, in a process of its own: it samples its memory while the other process
// and itself move the chunks. Told what to do by the messages of transfer-run.ts.

import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ReadStream, Server, type WriteStream } from 'tributary';
import { makeChunk, Receiver, type Tally, Transfer } from './transfer.js';

/** What this process is told to do. */
export type Order =
  | { readonly do: 'serve'; readonly plan: Plan }
  | { readonly do: 'download' | 'upload'; readonly plan: Plan; readonly port: number };

/** How many chunks go over, and for how long the receiver takes its time over each. */
export interface Plan {
  readonly chunks: number;
  readonly slowMilliseconds: number;
  readonly pauseMilliseconds: number;
}

/** What it reports. */
export type Report =
  | { readonly port: number }
  | { readonly sample: Sample }
  | { readonly phase: 'slow' | 'fast' }
  | { readonly tally: Tally };

/** Memory in bytes, and how many chunks this side has moved. */
export interface Sample {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly moved: number;
}

const SAMPLE_INTERVAL = 250;
let moved = 0;

async function serve(plan: Plan): Promise<void> {
  const server = new Server().add(Transfer, {
    download: ({ chunks }, _ctx, stream) => send(stream, chunks),
    upload: (stream) => receive(stream, plan),
  });
  const { port } = await server.listen('127.0.0.1:0');
  report({ port });
}

async function download(port: number, plan: Plan): Promise<void> {
  await using client = connect(`127.0.0.1:${port}`);
  const stream = client.stub(Transfer).download({ chunks: plan.chunks });
  report({ tally: await receive(stream, plan) });
}

async function upload(port: number, plan: Plan): Promise<void> {
  await using client = connect(`127.0.0.1:${port}`);
  const stream = client.stub(Transfer).upload();
  await send(stream, plan.chunks);
  report({ tally: await stream.finish() });
}

async function send(stream: WriteStream<Uint8Array>, chunks: number): Promise<void> {
  for (moved = 0; moved < chunks; moved += 1) await stream.write(makeChunk(moved));
}

async function receive(stream: ReadStream<Uint8Array>, plan: Plan): Promise<Tally> {
  const receiver = new Receiver();
  const slowUntil = performance.now() + plan.slowMilliseconds;
  let slow = true;
  report({ phase: 'slow' });
  for await (const chunk of stream) {
    receiver.take(chunk);
    moved = receiver.chunks;
    if (slow && performance.now() >= slowUntil) {
      slow = false;
      report({ phase: 'fast' });
    }
    if (slow) await pause(plan.pauseMilliseconds);
  }
  return receiver.tally;
}

function report(message: Report): void {
  process.send?.(message);
}

setInterval(() => {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  report({ sample: { rss, heapUsed, external, arrayBuffers, moved } });
}, SAMPLE_INTERVAL).unref();

process.on('message', (order: Order) => {
  if (order.do === 'serve') void serve(order.plan);
  else if (order.do === 'download') void download(order.port, order.plan);
  else void upload(order.port, order.plan);
});
process.once('disconnect', () => process.exit());
