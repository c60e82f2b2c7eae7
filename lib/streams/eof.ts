/** What `read()` gives once the peer has finished; the same symbol in every copy of the library. */
export const EOF: unique symbol = Symbol.for('tributary.EOF');
/** The type of `EOF`. */
export type EOF = typeof EOF;
