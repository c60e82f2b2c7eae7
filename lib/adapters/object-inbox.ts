import { toRpcError } from '../status/to-rpc-error.js';
import { Inbox } from '../streams/inbox.js';
import type { Boxed } from './boxed.js';

/** An inbox of messages that need no decoding. */
export type ObjectInbox<T> = Inbox<T, Boxed<T>>;

/** Makes one that asks for a message when it has a reader: its source may read ahead by itself. */
export function objectInbox<T>(request: () => void): ObjectInbox<T> {
  const inbox = new Inbox<T, Boxed<T>>({
    prefetchBytes: 1,
    decode: ({ message }) => message,
    request,
    undecodable: toRpcError,
  });
  inbox.stopPrefetching();
  return inbox;
}
