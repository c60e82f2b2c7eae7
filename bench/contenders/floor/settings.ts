import type { Http2Session, Settings } from 'node:http2';

const MEBIBYTE = 1024 * 1024;

/** Windows that no workload fills. */
export const SETTINGS: Settings = { initialWindowSize: 8 * MEBIBYTE, enablePush: false };

/** Megabytes: Node's 10 are too few for 10,000 streams. */
export const MEMORY = { maxSessionMemory: 1_000 };

export function openWindow(session: Http2Session): void {
  session.setLocalWindowSize(64 * MEBIBYTE);
}
