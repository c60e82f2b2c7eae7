import { Inbox } from '../../lib/streams/inbox.js';
import { InboxReadStream } from '../../lib/streams/read-stream.js';

/** Bytes that `decode` below refuses. */
export const GARBLED = Buffer.from('garbled');

/** An inbox of strings, a stream over it, and a transport that is the test itself. */
export class TestInbox {
  readonly inbox: Inbox<string>;
  readonly stream: InboxReadStream<string>;
  readonly undecodable = new Error('undecodable');
  /** Requests without a push since. */
  asked = 0;
  /** How often a loop over the stream was left. */
  left = 0;

  /** @param onRequest - what else happens, at once, when a message is asked for */
  constructor(prefetchBytes = 1000, onRequest?: (test: TestInbox) => void) {
    this.inbox = new Inbox<string>({
      prefetchBytes,
      decode: (bytes) => {
        if (Buffer.compare(bytes, GARBLED) === 0) throw new Error('garbled');
        return Buffer.from(bytes).toString();
      },
      request: () => {
        this.asked += 1;
        onRequest?.(this);
      },
      undecodable: () => this.undecodable,
    });
    this.stream = new InboxReadStream(this.inbox, () => {
      this.left += 1;
    });
    this.inbox.start();
  }

  /** A message arrives, as asked for. */
  arrive(text: string): void {
    if (this.asked !== 1) throw new Error(`asked ${this.asked} times when '${text}' arrives`);
    this.asked -= 1;
    this.inbox.push(Buffer.from(text));
  }
}
