import { PREFIX_BYTES } from '../base/length-prefix.js';

/** What has a size in bytes: a message's bytes, or whatever stands for them. */
export interface Sized {
  readonly byteLength: number;
}

/** What a message takes on the wire, in bytes; so even empty messages count against a limit. */
export function frameSize(message: Sized): number {
  return message.byteLength + PREFIX_BYTES;
}
