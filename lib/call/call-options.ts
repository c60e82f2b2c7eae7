import {
  checkByteCount,
  checkDuration,
  checkFunction,
  checkMilliseconds,
  checkOptions,
  checkSignal,
} from '../base/check.js';
import { checkBoolean } from '../base/check-boolean.js';
import { describeValue } from '../base/describe-value.js';
import type { CallContext } from '../context/call-context.js';
import type { Metadata, MetadataInit } from '../context/metadata.js';
import type { CallCredentials } from './call-credentials.js';
import { type Compression, checkCompression } from './compression.js';
import { type ClientInterceptor, checkInterceptors } from './interceptor.js';

/** The three bounds on what a stream may hold in memory, in bytes. */
export interface BufferOptions {
  /** Accepted and not yet sent, from which on `write()` waits. 64 KiB unless given. */
  readonly highWaterMark?: number | undefined;
  /**
   * Accepted and not yet sent, above which a write is refused that did not wait when told to.
   * 16 MiB unless given.
   */
  readonly maxBufferedBytes?: number | undefined;
  /** Received and not yet read, above which no more is asked for. 256 KiB unless given. */
  readonly prefetchBytes?: number | undefined;
}

/** The three bounds, each set. */
export type BufferSizes = { readonly [Bound in keyof BufferOptions]-?: number };

/** What a caller may say of one call. */
export interface CallOptions extends BufferOptions {
  /** Milliseconds the whole call may take; 0 fails it at once, Infinity is no limit. */
  readonly timeout?: number | undefined;
  /**
   * Milliseconds until the call must have a connection. Fails with DEADLINE_EXCEEDED, as the other
   * clocks do; the words tell which of them ran out.
   */
  readonly connectTimeout?: number | undefined;
  /**
   * Milliseconds that may pass without a message sent or received. Time in which received messages
   * wait to be read does not count.
   */
  readonly idleTimeout?: number | undefined;
  /** The moment by which it must be over. The earlier of `timeout` and `deadline` counts. */
  readonly deadline?: Date | undefined;
  /** Cancels the call when it aborts; the failure's `cause` is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Request headers. */
  readonly metadata?: MetadataInit | undefined;
  /** The call being handled: its deadline and its cancellation are passed on to this one. */
  readonly parent?: CallContext | undefined;
  /** Called with the response headers when they arrive. What it throws cancels the call. */
  readonly onHeaders?: ((headers: Metadata) => void) | undefined;
  /** Called with the trailers when the status arrives, or with empty ones if the call is cut off. */
  readonly onTrailers?: ((trailers: Metadata) => void) | undefined;
  /** Around this call, inside those of the stub and the client. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
  /** Headers that prove who calls, fetched for each call; instead of those of the client. */
  readonly credentials?: CallCredentials | undefined;
  /**
   * Waits for a connection instead of failing with UNAVAILABLE while there is none; as the client's
   * option says unless given.
   */
  readonly waitForReady?: boolean | undefined;
  /** How requests are compressed; as the client's option says unless given. */
  readonly compression?: Compression | undefined;
}

const BUFFER_KEYS = ['highWaterMark', 'maxBufferedBytes', 'prefetchBytes'] as const;
const CALL_KEYS = [
  'timeout',
  'deadline',
  'signal',
  'metadata',
  'parent',
  'onHeaders',
  'onTrailers',
  'waitForReady',
  'compression',
  'connectTimeout',
  'idleTimeout',
  'interceptors',
  'credentials',
  ...BUFFER_KEYS,
] as const;

/** Whether this is the name of a call option. */
export function isCallOption(key: string): boolean {
  return (CALL_KEYS as readonly string[]).includes(key);
}

/** The bounds in force where none is given. */
export const DEFAULT_BUFFERS: BufferSizes = {
  highWaterMark: 64 * 1024,
  maxBufferedBytes: 16 * 1024 * 1024,
  prefetchBytes: 256 * 1024,
};

/** Throws, naming the option, if `options` has an unknown one or one of the wrong type. */
export function checkCallOptions(what: string, options: unknown): CallOptions {
  if (options === undefined) return NO_OPTIONS;
  checkOptions(what, options, CALL_KEYS);
  const given = options as CallOptions;
  const { timeout, deadline, signal, parent, onHeaders, onTrailers, waitForReady } = given;
  if (given.compression !== undefined) checkCompression('compression', given.compression);
  if (timeout !== undefined) checkMilliseconds('timeout', timeout);
  const { connectTimeout, idleTimeout } = given;
  if (connectTimeout !== undefined) checkDuration('connectTimeout', connectTimeout);
  if (idleTimeout !== undefined) checkDuration('idleTimeout', idleTimeout);
  checkInterceptors('interceptors', given.interceptors);
  if (given.credentials !== undefined) checkFunction('credentials', given.credentials);
  if (deadline !== undefined) checkDeadline(deadline);
  if (signal !== undefined) checkSignal('signal', signal);
  if (parent !== undefined) checkParent(parent);
  if (onHeaders !== undefined) checkFunction('onHeaders', onHeaders);
  if (onTrailers !== undefined) checkFunction('onTrailers', onTrailers);
  if (waitForReady !== undefined) checkBoolean('waitForReady', waitForReady);
  return given;
}

/** The bounds that `options` sets, the rest as they are by default. */
export function bufferSizes(options: BufferOptions): BufferSizes {
  if (options === NO_OPTIONS) return DEFAULT_BUFFERS;
  const sizes: { -readonly [Bound in keyof BufferSizes]: number } = { ...DEFAULT_BUFFERS };
  for (const key of BUFFER_KEYS) {
    const size = options[key];
    if (size === undefined) continue;
    checkByteCount(key, size);
    sizes[key] = size;
  }
  return sizes;
}

const NO_OPTIONS: CallOptions = Object.freeze({});

function checkDeadline(deadline: unknown): void {
  if (!(deadline instanceof Date)) {
    throw new TypeError(`deadline must be a Date, got ${describeValue(deadline)}`);
  }
  if (Number.isNaN(deadline.getTime())) throw new RangeError('deadline must be a valid Date');
}

function checkParent(parent: unknown): void {
  if (!((parent as Partial<CallContext> | null)?.signal instanceof AbortSignal)) {
    throw new TypeError(
      `parent must be the call context of a handler, got ${describeValue(parent)}`,
    );
  }
}
