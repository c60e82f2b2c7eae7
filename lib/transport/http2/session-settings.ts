import type { ServerOptions } from 'node:http2';
import type { ServerTransportOptions } from '../../call/server-transport-options.js';
import { DEFAULT_LIMITS } from '../listening/default-limits.js';
import { STREAM_WINDOW } from './windows.js';

const DEFAULT_STREAMS = 1_000;
const LARGEST_SETTING = 2 ** 32 - 1;

/**
 * What a connection may have Node hold for it, in megabytes. It is for floods of control frames: streams
 * are bounded elsewhere, and a limit that good calls could reach would refuse them.
 */
const MOST_SESSION_MEMORY = 1_024;

/** Node resets a call with more headers than this, in bytes, without a status: our limit is below. */
const LEAST_HEADERS = 64 * 1024;
const MOST_HEADERS = 16 * 1024 * 1024;

/** What HTTP/2 counts for an entry besides its key and value, in bytes. */
const ENTRY_BYTES = 32;

/** What Node's HTTP/2 is told of a connection. */
export function toSessionOptions(limits: ServerTransportOptions): ServerOptions {
  const { maxConcurrentStreams = DEFAULT_STREAMS } = limits;
  const { maxMetadataSize = DEFAULT_LIMITS.maxMetadataSize } = limits;
  // There is room for what is to be refused with a status, and for HTTP/2's own headers.
  const headers = Math.min(Math.max(2 * maxMetadataSize, LEAST_HEADERS), MOST_HEADERS);
  return {
    maxSessionMemory: MOST_SESSION_MEMORY,
    maxHeaderListPairs: Math.ceil(headers / ENTRY_BYTES),
    settings: {
      initialWindowSize: STREAM_WINDOW,
      maxConcurrentStreams: Math.min(maxConcurrentStreams, LARGEST_SETTING),
      maxHeaderListSize: headers,
      enablePush: false,
    },
  };
}
