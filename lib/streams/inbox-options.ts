/** What an inbox needs from the call it belongs to. */
export interface InboxOptions<T, Raw = Uint8Array> {
  /** How many bytes may wait unread before no more are asked for. */
  readonly prefetchBytes: number;
  /** Turns bytes into a message; called once, when the message is read. */
  decode(bytes: Raw): T;
  /** Asks the transport for one more message, to come later by `push`. */
  request(): void;
  /** Told that `decode` threw; gives the error that this read and all later ones get. */
  undecodable(thrown: unknown): Error;
  /** Told when the last message that waited has been read. */
  readonly drained?: (() => void) | undefined;
}
