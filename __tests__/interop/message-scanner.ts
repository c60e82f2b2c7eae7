/** A gRPC message on the wire. */
export interface TappedMessage {
  readonly compressed: boolean;
  /** Bytes on the wire. */
  readonly size: number;
}

const PREFIX_LENGTH = 5;

/** Finds the length-prefixed messages in one direction of a call. */
export class MessageScanner {
  readonly messages: TappedMessage[] = [];
  #prefix = Buffer.alloc(0);
  /** Bytes of a message that are still to come. */
  #missing = 0;

  take(data: Buffer): void {
    for (let rest = data; rest.length > 0; ) {
      const skipped = Math.min(this.#missing, rest.length);
      this.#missing -= skipped;
      rest = rest.subarray(skipped);
      const wanted = PREFIX_LENGTH - this.#prefix.length;
      this.#prefix = Buffer.concat([this.#prefix, rest.subarray(0, wanted)]);
      rest = rest.subarray(wanted);
      if (this.#prefix.length === PREFIX_LENGTH) this.#begin();
    }
  }

  #begin(): void {
    const size = this.#prefix.readUInt32BE(1);
    this.messages.push({ compressed: this.#prefix.readUInt8(0) === 1, size });
    this.#missing = size;
    this.#prefix = Buffer.alloc(0);
  }
}
