import { EncodedMessage } from '../../lib/base/encoded-message.js';
import { Outbox } from '../../lib/streams/outbox.js';

/** What the tests write: a size, and whether it can be encoded. */
export interface Parcel {
  text: string;
}

/** An outbox of texts and a wire that is the test itself: it sees batches and says when they are sent. */
export class TestOutbox {
  readonly outbox: Outbox<Parcel>;
  /** Every batch that was sent, as texts. */
  readonly batches: string[][] = [];
  /** Sizes of the batches on their way, with prefixes, and what tells that they were sent. */
  readonly onTheirWay: { bytes: number; sent: () => void }[] = [];
  readonly unseen: Error[] = [];
  halfCloses = 0;

  constructor(limits: { highWaterMark?: number; maxBufferedBytes?: number } = {}) {
    this.outbox = new Outbox<Parcel>({
      highWaterMark: limits.highWaterMark ?? 100,
      maxBufferedBytes: limits.maxBufferedBytes ?? 1000,
      sink: {
        send: (batch, sent) => {
          if (this.halfCloses > 0) throw new Error('sent behind the half-close');
          this.batches.push(batch.map(({ bytes }) => Buffer.from(bytes).toString()));
          const bytes = batch.reduce((sum, message) => sum + message.byteLength + 5, 0);
          this.onTheirWay.push({ bytes, sent });
        },
        halfClose: () => {
          this.halfCloses += 1;
        },
      },
      encode: ({ text }) => {
        if (text === 'misfit') throw new TypeError('text: does not fit');
        return EncodedMessage.of(Buffer.from(text));
      },
      unseenRefusal: (error) => this.unseen.push(error),
    });
  }

  /** Every message sent, in order. */
  get sent(): string[] {
    return this.batches.flat();
  }

  write(text: string): Promise<void> {
    return this.outbox.write({ text });
  }

  /** The oldest batch on its way has been sent. */
  confirm(): void {
    const batch = this.onTheirWay.shift();
    if (batch === undefined) throw new Error('nothing is on its way');
    batch.sent();
  }

  confirmAll(): void {
    while (this.onTheirWay.length > 0) this.confirm();
  }
}

/** A text that takes `bytes` on the wire with its prefix. */
export function ofSize(bytes: number, fill = '.'): string {
  return fill.repeat(bytes - 5);
}
