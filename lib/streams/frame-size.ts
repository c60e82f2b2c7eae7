/** The length prefix that gRPC puts before each message, in bytes. */
const PREFIX_BYTES = 5;

/** What a message takes on the wire, in bytes; so even empty messages count against a limit. */
export function frameSize(message: Uint8Array): number {
  return message.byteLength + PREFIX_BYTES;
}
