import { EOF, type ReadStream, select } from 'tributary';
import { type Message, turns } from '../stories/harness.js';
import type { Pause, ReadStep } from './program.js';
import type { SideLog } from './side-log.js';

type Stream = ReadStream<Message>;

export async function pause(step: Pause): Promise<void> {
  if (step.do === 'turns') await turns(step.count);
  else await new Promise((resolve) => setTimeout(resolve, step.milliseconds));
}

/** Takes the steps one after the other. */
export async function runReads(
  stream: Stream,
  steps: readonly ReadStep[],
  log: SideLog,
): Promise<void> {
  for (const step of steps) await takeStep(stream, step, log);
}

/** Reads until it is told of the end, and twice more: that must be the same then. */
export async function drain(stream: Stream, log: SideLog): Promise<void> {
  for (;;) {
    const { end } = await log.read('read() of what is left', stream.read());
    if (end !== undefined) break;
  }
  await log.read('read() after the end', stream.read());
  await log.read('read(0) after the end', stream.read(0));
}

async function takeStep(stream: Stream, step: ReadStep, log: SideLog): Promise<void> {
  switch (step.do) {
    case 'turns':
    case 'sleep':
      await pause(step);
      break;
    case 'read': {
      const read = log.read('read()', stream.read());
      if (step.waits) await read;
      break;
    }
    case 'read for': {
      const read = log.read(`read(${step.milliseconds})`, stream.read(step.milliseconds));
      if (step.waits) await read;
      break;
    }
    case 'read until aborted': {
      const controller = new AbortController();
      const reason = new Error('the read is called off');
      const { signal } = controller;
      const read = log.read('read({ signal })', stream.read({ signal }), reason);
      await pause(step.after);
      controller.abort(reason);
      await read;
      break;
    }
    case 'read batch': {
      const { max, milliseconds } = step;
      const batch = stream.readBatch(max, milliseconds ?? {});
      const read = log.read(`readBatch(${max}, ${milliseconds})`, batch);
      if (step.waits) await read;
      break;
    }
    case 'ready':
      await log.settled('ready()', stream.ready(step.milliseconds));
      break;
    case 'select':
      await selectOne(stream, step.milliseconds, log);
      break;
    case 'loop':
      await loop(stream, step.count, log);
      break;
  }
}

/** Its read begins when it has waited: those that have begun in the meantime come first. */
async function selectOne(stream: Stream, milliseconds: number, log: SideLog): Promise<void> {
  const result = await log.settled(`select(${milliseconds})`, select([stream], milliseconds));
  if (!('value' in result)) {
    log.faults.push(`select rejected with ${String(result.error)}`);
    return;
  }
  if (result.value === null) return;
  const { message, error } = result.value;
  const messages = message === EOF || message === undefined ? [] : [message];
  const end = message === EOF ? EOF : error;
  log.seen.push(end === undefined ? { messages } : { messages, end });
}

async function loop(stream: Stream, count: number, log: SideLog): Promise<void> {
  const messages = stream.values({ preventCancel: true });
  for (let i = 0; i < count; i += 1) {
    const next = messages.next().then(({ done, value }) => (done === true ? EOF : value));
    const { end } = await log.read('next()', next);
    if (end !== undefined) return;
  }
  await messages.return?.();
}
