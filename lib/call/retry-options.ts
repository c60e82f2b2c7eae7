import type { Status, StatusCode } from '../status/status.js';

/** A status code, by its number or by its name. */
export type StatusCodeLike = StatusCode | keyof typeof Status;

/**
 * Calls that fail are made again, up to `maxAttempts` in all. Only those of which nothing has come
 * back yet, neither headers nor a message, and whose requests so far fit `retryBufferSize`. The wait
 * before the second attempt is `initialBackoff`, before each later one `backoffMultiplier` times as
 * long, up to `maxBackoff`; 20% more or less, by chance.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md
 */
export interface RetryOptions {
  /** The first one included: 2 or more; 3 unless given. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds; 100 unless given. */
  readonly initialBackoff?: number | undefined;
  /** Milliseconds; 5,000 unless given. */
  readonly maxBackoff?: number | undefined;
  /** 2 unless given. */
  readonly backoffMultiplier?: number | undefined;
  /** The failures that are worth another attempt; UNAVAILABLE alone unless given. */
  readonly retryableStatusCodes?: readonly StatusCodeLike[] | undefined;
}

/**
 * Calls are made several times at once, each after a delay, and the first answer counts: for
 * methods that may be run twice. The other attempts are then cancelled.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md
 */
export interface HedgingOptions {
  /** The first one included: 2 or more; 2 unless given. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds between attempts; 0, all at once, unless given. */
  readonly hedgingDelay?: number | undefined;
  /** Failures that start the next attempt at once; any other ends the call. None unless given. */
  readonly nonFatalStatusCodes?: readonly StatusCodeLike[] | undefined;
}

/**
 * Stops retries and hedging while most calls fail: there are `maxTokens`; a failure takes one, a
 * success gives `tokenRatio` back, and with half of them or fewer no attempt but the first is made.
 */
export interface RetryThrottlingOptions {
  /** Above 0, up to 1000. */
  readonly maxTokens: number;
  /** Above 0. */
  readonly tokenRatio: number;
}

/** What holds for the calls of one service or of one method. */
export interface MethodConfig {
  /** Milliseconds that a call may take; the earlier of this and the call's own limit counts. */
  readonly timeout?: number | undefined;
  /** For calls that do not say so themselves. */
  readonly waitForReady?: boolean | undefined;
  /** The largest request, in bytes; a call that sends a larger one fails with RESOURCE_EXHAUSTED. */
  readonly maxRequestSize?: number | undefined;
  /** The largest response, in bytes; likewise, and never more than `maxReceiveMessageSize`. */
  readonly maxResponseSize?: number | undefined;
  /** `false` for none. */
  readonly retry?: RetryOptions | false | undefined;
  /** `false` for none. */
  readonly hedging?: HedgingOptions | false | undefined;
}
