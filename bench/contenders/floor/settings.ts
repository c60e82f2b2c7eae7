import type { ServerSessionOptions, Settings } from 'node:http2';

/**
 * HTTP/2's own window of 64 KiB a connection: a larger one moves no more on a loopback, and beyond
 * what the kernel's buffers hold Node comes to a standstill (see CONNECTION_WINDOW in lib).
 */
export const SETTINGS: Settings = { initialWindowSize: 1024 * 1024, enablePush: false };

/** Megabytes: Node's 10 are too few for 10,000 streams. */
export const MEMORY: ServerSessionOptions = { maxSessionMemory: 1_000 };
