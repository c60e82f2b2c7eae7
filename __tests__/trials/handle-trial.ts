import type { CallContext, ReadStream, ReadWriteStream, WriteStream } from 'tributary';
import type { Handlers, Message } from '../stories/harness.js';
import { drain, runReads } from './reader.js';
import { textOf } from './side-log.js';
import type { Trial } from './trial.js';
import { runWrites, sourceOf } from './writer.js';

/** How large the reply is of a method that gives one, in bytes. */
const REPLY_SIZE = 100;

/** Handlers that do what the program of their call says. */
export function trialHandlers(trialOf: (ctx: CallContext) => Trial): Handlers {
  return {
    unary: (request, ctx) => {
      if (ctx.metadata.get('trial').length === 0) return request;
      return handle(trialOf(ctx), ctx, undefined, undefined);
    },
    clientStream: (stream, ctx) => handle(trialOf(ctx), ctx, stream, undefined),
    serverStream: (_request, ctx, stream) => {
      const trial = trialOf(ctx);
      if (trial.program.server.answers === 'with a generator') return generate(trial, ctx);
      return handle(trial, ctx, undefined, stream).then(nothing);
    },
    bidiStream: (stream: ReadWriteStream<Message, Message>, ctx) => {
      const trial = trialOf(ctx);
      if (trial.program.server.answers === 'with a generator') return generate(trial, ctx, stream);
      return handle(trial, ctx, stream, stream).then(nothing);
    },
  };
}

function nothing(): void {}

async function handle(
  trial: Trial,
  ctx: CallContext,
  requests: ReadStream<Message> | undefined,
  replies: WriteStream<Message> | undefined,
): Promise<Message> {
  const { program, server: log } = trial;
  begin(trial, ctx);
  try {
    const reading = read(trial, requests);
    if (replies !== undefined) await runWrites(replies, program.server.writes, log);
    trial.repliesWritten = true;
    if (program.server.waitsFor === 'both') await reading;
    end(trial);
    if (replies !== undefined && program.server.ends.startsWith('doneWriting')) {
      await log.settled('doneWriting()', replies.doneWriting());
    }
    throwIfDue(trial);
    return { n: 0, text: textOf(0, REPLY_SIZE) };
  } finally {
    trial.handlerOver += 1;
  }
}

async function* generate(
  trial: Trial,
  ctx: CallContext,
  requests?: ReadStream<Message>,
): AsyncGenerator<Message, void, undefined> {
  const { program, server: log } = trial;
  begin(trial, ctx);
  try {
    const reading = read(trial, requests);
    yield* sourceOf(program.server.writes, log);
    trial.repliesWritten = true;
    if (program.server.waitsFor === 'both') await reading;
    end(trial);
    throwIfDue(trial);
  } finally {
    trial.handlerOver += 1;
  }
}

function begin(trial: Trial, ctx: CallContext): void {
  trial.handled += 1;
  ctx.signal.addEventListener('abort', () => trial.aborts.push(ctx.signal.reason));
}

async function read(trial: Trial, requests: ReadStream<Message> | undefined): Promise<void> {
  if (requests === undefined) return;
  const { server } = trial.program;
  await runReads(requests, server.reads, trial.server);
  if (server.drains) await drain(requests, trial.server);
}

/** From here on the handler ends the call. */
function end(trial: Trial): void {
  trial.endsBefore = trial.server.ends.length;
}

function throwIfDue(trial: Trial): void {
  if (throws(trial)) throw trial.thrown;
}

/** Whether the handler of a trial throws at its end. */
export function throws({ program }: Trial): boolean {
  return !['return', 'doneWriting'].includes(program.server.ends);
}
