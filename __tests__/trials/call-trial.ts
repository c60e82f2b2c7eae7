import type { CallOptions, ClientCall, ReadStream, WriteStream } from 'tributary';
import { type Message, type StoryStub, turns } from '../stories/harness.js';
import { drain, pause, runReads } from './reader.js';
import type { Trial } from './trial.js';
import { runWrites, sourceOf } from './writer.js';

/** What a trial needs of the world around its call. */
export interface Surroundings {
  readonly stub: StoryStub;
  cut(): void;
  /** Whether no other call is open. */
  readonly isAlone: boolean;
  /** A call on the same connection is answered. */
  probe(): Promise<void>;
}

type Call = ReadStream<Message> & ClientCall;

/** Makes the call that the program says; resolves when it is over for the client. */
export async function callTrial(trial: Trial, around: Surroundings): Promise<void> {
  const { program, client: log } = trial;
  const controller = new AbortController();
  const { signal } = controller;
  const options = optionsOf(trial, signal);
  const abort = (): void => controller.abort(new Error(`trial ${trial.id} is called off`));
  if (program.kind === 'unary') {
    const reply = around.stub.unary({ n: 0 }, options);
    const interrupted = interrupt(trial, around, undefined, abort);
    trial.response = await log.settled('the reply', reply);
    await interrupted;
    return;
  }
  const call = open(trial, around.stub, options);
  const interrupted = interrupt(trial, around, call, abort);
  const status = log.settled('status()', call.status());
  await Promise.all([write(trial, call), read(trial, call), answer(trial, call)]);
  const told = await status;
  if ('value' in told) trial.status = told.value;
  await interrupted;
}

function optionsOf(trial: Trial, signal: AbortSignal): CallOptions {
  const { program } = trial;
  return {
    ...program.client.buffers,
    signal,
    timeout: program.timeout,
    waitForReady: true,
    metadata: { trial: trial.id },
    onHeaders: () => {
      trial.headersTold += 1;
    },
    onTrailers: () => {
      trial.trailersTold += 1;
    },
  };
}

function open(trial: Trial, stub: StoryStub, options: CallOptions): Call {
  const { kind, client } = trial.program;
  if (kind === 'serverStream') return stub.serverStream({ n: 0 }, options);
  if (client.feeds === 'by hand') {
    return kind === 'clientStream' ? stub.clientStream(options) : stub.bidiStream(options);
  }
  const source = feed(trial);
  return kind === 'clientStream'
    ? stub.clientStream(source, options)
    : stub.bidiStream(source, options);
}

async function* feed(trial: Trial): AsyncGenerator<Message, void, undefined> {
  const { client } = trial.program;
  yield* sourceOf(client.writes, trial.client);
  if (client.feeds === 'a source that fails') {
    trial.gaveUp ??= 'a failed source';
    throw new Error('the source fails');
  }
  trial.halfClosed = true;
}

async function write(trial: Trial, call: Call): Promise<void> {
  const { client } = trial.program;
  if (!trial.streamsRequests || client.feeds !== 'by hand') return;
  const stream = call as Call & WriteStream<Message>;
  await runWrites(stream, client.writes, trial.client);
  if (!client.halfCloses) return;
  trial.halfClosed = true;
  await trial.client.settled('doneWriting()', stream.doneWriting());
}

async function read(trial: Trial, call: Call): Promise<void> {
  const { client } = trial.program;
  await runReads(call, client.reads, trial.client);
  switch (client.atLast) {
    case 'drain':
      break;
    case 'cancel':
      giveUp(trial, 'cancel');
      call.cancel();
      break;
    case 'leave the loop':
      giveUp(trial, 'leave the loop');
      await call.values().return?.();
      break;
    case 'dispose':
      await trial.client.settled('the disposal', call[Symbol.asyncDispose]());
      break;
  }
  await drain(call, trial.client);
}

async function answer(trial: Trial, call: Call): Promise<void> {
  if (trial.program.kind !== 'clientStream') return;
  const { response } = call as Call & { response(): Promise<Message> };
  trial.response = await trial.client.settled('response()', response.call(call));
}

async function interrupt(
  trial: Trial,
  { isAlone, cut, probe }: Surroundings,
  call: Call | undefined,
  abort: () => void,
): Promise<void> {
  const { interruption } = trial.program;
  if (interruption === undefined) return;
  await pause(interruption.after);
  switch (interruption.what) {
    case 'cancel':
      giveUp(trial, 'cancel');
      if (call === undefined) abort();
      else call.cancel('no longer wanted');
      break;
    case 'abort':
      giveUp(trial, 'cancel');
      abort();
      break;
    case 'cut':
      cut();
      break;
    case 'cut when all has come':
      if (isAlone) await letAllCome(trial, probe);
      cut();
      break;
  }
}

function giveUp(trial: Trial, how: 'cancel' | 'leave the loop'): void {
  trial.gaveUp ??= how;
}

/** What a flow-control window surely has room for, in bytes. */
const ROOM = 32_000;

/**
 * Waits until the handler has written everything, and for two answers behind that on the same
 * connection: whatever fits into the windows has come by then.
 */
async function letAllCome(trial: Trial, probe: () => Promise<void>): Promise<void> {
  const isOver = (): boolean => trial.trailersTold > 0 || trial.handlerOver > 0;
  for (let i = 0; i < 200 && !trial.repliesWritten && !isOver(); i += 1) await turns(1);
  if (!trial.repliesWritten || trial.trailersTold > 0) return;
  await probe();
  await probe();
  const { kept, owed } = trial.server;
  const bytes = kept.reduce((sum, { size }) => sum + size + 100, 0);
  if (bytes < ROOM) trial.surelyCame = owed;
}
