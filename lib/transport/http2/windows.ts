/**
 * What a peer may send on one stream before it is read, in bytes: HTTP/2's own 64 KiB make a fast
 * stream wait for the network each few hundred messages.
 */
export const STREAM_WINDOW = 1024 * 1024;

/** The same for all streams of a connection. Node gives it back at once, so it is never used up. */
export const CONNECTION_WINDOW = 16 * 1024 * 1024;
