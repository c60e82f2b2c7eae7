import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Tally } from './transfer.js';
import type { Order, Plan, Report, Sample } from './transfer-process.js';

const SCRIPT = fileURLToPath(new URL('transfer-process.ts', import.meta.url));

/** A sample of one of the two processes, in the course of the run. */
export interface Moment extends Sample {
  readonly side: 'server' | 'client';
  /** Milliseconds since the receiver began. */
  readonly at: number;
  readonly phase: 'slow' | 'fast';
}

/** Moves the chunks between two new processes and keeps what both report. */
export async function runTransfer(
  direction: 'download' | 'upload',
  plan: Plan,
): Promise<{ tally: Tally; moments: Moment[] }> {
  const server = start();
  const client = start();
  const moments: Moment[] = [];
  let phase: 'slow' | 'fast' | undefined;
  let began = 0;
  const watch = (side: Moment['side']) => (report: Report) => {
    if ('phase' in report) {
      phase = report.phase;
      if (phase === 'slow') began = performance.now();
    } else if ('sample' in report && phase !== undefined) {
      moments.push({ ...report.sample, side, phase, at: performance.now() - began });
    }
  };
  server.on('message', watch('server'));
  client.on('message', watch('client'));
  try {
    tell(server, { do: 'serve', plan });
    const { port } = await next(server, 'port');
    tell(client, { do: direction, plan, port });
    const { tally } = await next(client, 'tally');
    return { tally, moments };
  } finally {
    await Promise.all([stop(server), stop(client)]);
  }
}

function start(): ChildProcess {
  return fork(SCRIPT, { execArgv: ['--import', 'tsx'] });
}

function tell(child: ChildProcess, order: Order): void {
  child.send(order);
}

/** The next report with this key; rejects if the process ends first. */
function next<Key extends 'port' | 'tally'>(
  child: ChildProcess,
  key: Key,
): Promise<Extract<Report, { [K in Key]: unknown }>> {
  return new Promise((resolve, reject) => {
    child.on('message', (report: Report) => {
      if (key in report) resolve(report as Extract<Report, { [K in Key]: unknown }>);
    });
    child.once('exit', (code, signal) => reject(new Error(`it ended early (${signal ?? code})`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
}
