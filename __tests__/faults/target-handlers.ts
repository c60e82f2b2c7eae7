import {
  type CallContext,
  defineService,
  EOF,
  field,
  message,
  type ReadWriteStream,
  RpcError,
  Status,
  unary,
  type WriteStream,
} from 'tributary';
import { aborted, type Handlers, type Message } from '../stories/harness.js';
import type { HandlerRecord } from './handler-record.js';

const Text = message('Text', { text: field.string(1), n: field.int32(2) });

/** For messages that are no protobuf. */
export const Proto = defineService('faults.Proto', { unary: unary(Text, Text) });

const REPLY = { n: 0, text: 'x'.repeat(10_000) };

/** What a handler can do to its call; `text` of its request says which. */
const FAILURES: { readonly [text: string]: () => unknown } = {
  'throw at once': () => {
    throw new Error('secret');
  },
  'throw later': async () => {
    await new Promise(setImmediate);
    throw new Error('secret');
  },
  'throw no Error': () => {
    throw 'secret';
  },
  'throw nothing': () => {
    throw undefined;
  },
  'throw a status': () => {
    throw new RpcError(Status.NOT_FOUND, 'none such');
  },
};

/** Handlers that are followed: each but the canary's calls stands in the record. */
export function targetHandlers(record: HandlerRecord): Handlers {
  return {
    unary(request, ctx) {
      if (request.text === 'canary') return request;
      return record.follow(ctx, async () => [await answer(request, ctx), 'done']);
    },
    serverStream: (request, ctx, stream) =>
      record.follow(ctx, async () => [await table(request, stream), 'done']),
    clientStream: (stream, ctx) =>
      record.follow(ctx, async () => {
        const first = await stream.read();
        if (first !== EOF && first.text === 'enough') return [{ n: 1 }, 'done'];
        for (let n = first === EOF ? 0 : 1; ; n += 1) {
          if ((await stream.read()) === EOF) return [{ n }, 'EOF'];
        }
      }),
    bidiStream: (stream, ctx) => record.follow(ctx, async () => [await echo(stream), 'EOF']),
  };
}

async function answer(request: Message, ctx: CallContext): Promise<Message> {
  if (request.text === 'wait') throw await aborted(ctx.signal);
  await FAILURES[request.text ?? '']?.();
  return request;
}

/** So many messages of 10 KB, before whatever `text` says; without end if there are to be -1. */
async function table(request: Message, stream: WriteStream<Message>): Promise<void> {
  for (let n = request.n; n !== 0; n -= 1) await stream.write(REPLY);
  await FAILURES[request.text ?? '']?.();
}

async function echo(stream: ReadWriteStream<Message, Message>): Promise<void> {
  for (;;) {
    const message = await stream.read();
    if (message === EOF) return;
    await stream.write(message);
  }
}
