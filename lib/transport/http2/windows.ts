/**
 * What a peer may send on one stream before it is read, in bytes: HTTP/2's own 64 KiB make a fast
 * stream wait for the network each few hundred messages.
 */
export const STREAM_WINDOW = 1024 * 1024;

/**
 * The same for all streams of a connection. Node gives it back at once, so a stream that nobody reads
 * does not use it up.
 *
 * It must be less than what the kernel holds on the way: Node stops reading a connection while a write
 * to it is stuck, and when that happens on both sides, nothing moves any more. With 16 MiB a hundred
 * echoing streams came to that within seconds; 4 MiB moved no more than this.
 */
export const CONNECTION_WINDOW = 256 * 1024;
