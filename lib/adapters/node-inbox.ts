import type { Readable } from 'node:stream';
import { Boxed } from './boxed.js';
import { type ObjectInbox, objectInbox } from './object-inbox.js';

/** An inbox fed with what a Node stream gives. Who makes it sees to its end. */
export function nodeInbox<T>(readable: Readable): ObjectInbox<T> {
  let wanted = false;
  const pump = (): void => {
    if (!wanted) return;
    const message: unknown = readable.read();
    if (message === null) return;
    wanted = false;
    inbox.push(new Boxed(message as T));
  };
  const inbox = objectInbox<T>(() => {
    wanted = true;
    pump();
  });
  readable.on('readable', pump);
  return inbox;
}
