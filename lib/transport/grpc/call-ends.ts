import type { Readable, Writable } from 'node:stream';
import { nodeInbox } from '../../adapters/node-inbox.js';
import { NodeSink } from '../../adapters/node-sink.js';
import { type ObjectInbox, objectInbox } from '../../adapters/object-inbox.js';
import { ObjectWriteStream } from '../../adapters/object-write-stream.js';

/** What a grpc-js call gives to read; if it has nothing of the kind, reads reject with a TypeError. */
export function inboxOf<T>(call: object, missing: string): ObjectInbox<T> {
  if (canRead(call)) return nodeInbox<T>(call as Readable);
  const inbox = objectInbox<T>(() => {});
  inbox.end(new TypeError(missing));
  return inbox;
}

/** What a grpc-js call takes; if it takes nothing, writes reject with a TypeError. */
export function writerOf<T>(
  call: object,
  missing: string,
  abort: (reason: unknown) => void,
): ObjectWriteStream<T> {
  const sink = canWrite(call) ? new NodeSink<T>(call as Writable) : undefined;
  const writer = new ObjectWriteStream<T>({
    check: (message) => sink?.check(message),
    send: (batch, sent) => sink?.send(batch, sent),
    end: () => sink?.end(),
    abort,
  });
  if (sink === undefined) writer.fail(new TypeError(missing));
  else (call as Writable).on('finish', () => writer.finish());
  return writer;
}

/** Whether the call is a readable stream. */
export function canRead(call: object): boolean {
  return typeof (call as Partial<Readable>).read === 'function';
}

/** Whether the call is a writable stream. */
export function canWrite(call: object): boolean {
  return typeof (call as Partial<Writable>).write === 'function';
}
