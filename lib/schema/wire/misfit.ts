/**
 * Thrown while encoding when a value does not fit its field. It is one object for all, without a
 * stack of its own: the encoder stays small and fast, and {@link findMisfit} then walks the
 * message to say precisely what was wrong.
 */
export const MISFIT: Error = Object.freeze(new Error('the value does not fit its field'));
