import { Status, type WriteStream } from 'tributary';
import type { Message } from '../stories/harness.js';
import type { WriteStep } from './program.js';
import { pause } from './reader.js';
import type { Sent, SideLog } from './side-log.js';

/** Takes the steps one after the other. */
export async function runWrites(
  stream: WriteStream<Message>,
  steps: readonly WriteStep[],
  log: SideLog,
): Promise<void> {
  for (const step of steps) await takeStep(stream, step, log);
}

/** The same steps as something to iterate; it may be left at any `yield`. */
export async function* sourceOf(
  steps: readonly WriteStep[],
  log: SideLog,
): AsyncGenerator<Message, void, undefined> {
  for (const step of steps) {
    if (step.do === 'turns' || step.do === 'sleep') await pause(step);
    else if (step.do === 'write') yield* each([step.size], log);
    else if (step.do === 'write all') yield* each(step.sizes, log);
  }
}

async function takeStep(
  stream: WriteStream<Message>,
  step: WriteStep,
  log: SideLog,
): Promise<void> {
  switch (step.do) {
    case 'turns':
    case 'sleep':
      await pause(step);
      break;
    case 'write': {
      const { entry, message } = log.next(step.size);
      const written = log.settled(`write() of ${entry.n}`, stream.write(message));
      const noted = written.then(({ error }) => note(entry, error));
      if (step.waits) await noted;
      break;
    }
    case 'write all': {
      const before = log.sent.length;
      const written = stream.writeAll(each(step.sizes, log));
      const { error } = await log.settled('writeAll()', written);
      for (const entry of log.sent.slice(before)) if (entry.fate !== 'accepted') note(entry, error);
      break;
    }
    case 'write a misfit':
      await writeMisfit(stream, log);
      break;
  }
}

function* each(sizes: readonly number[], log: SideLog): Generator<Message, void, undefined> {
  for (const size of sizes) {
    const { entry, message } = log.next(size);
    let resumed = false;
    try {
      yield message;
      resumed = true;
    } finally {
      entry.fate = resumed ? 'accepted' : 'lost';
    }
  }
}

/** JSON has no bigint: this is refused, or the call is over. */
async function writeMisfit(stream: WriteStream<Message>, log: SideLog): Promise<void> {
  const misfit = { n: 1n } as unknown as Message;
  const { error } = await log.settled('write() of a misfit', stream.write(misfit));
  if (error === undefined) log.faults.push('a message that does not fit was taken');
}

function note(entry: Sent, error: unknown): void {
  if (error === undefined) entry.fate = 'accepted';
  else {
    const { code } = error as { code?: number };
    entry.fate = code === Status.RESOURCE_EXHAUSTED ? 'refused' : 'lost';
  }
}
