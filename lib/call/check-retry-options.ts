import { checkByteCount } from '../base/check.js';
import { checkBoolean } from '../base/check-boolean.js';
import { type Check, checkFields, numberIn, orFalse } from '../base/check-fields.js';
import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import { Status, statusName } from '../status/status.js';
import type {
  HedgingOptions,
  MethodConfig,
  RetryOptions,
  RetryThrottlingOptions,
} from './retry-options.js';

/** What a timer can take; 24.8 days. */
const LONGEST = 2 ** 31 - 1;
const attempts = numberIn({ whole: true, from: 2 });
const wait = numberIn({ unit: 'milliseconds', above: 0, upTo: LONGEST });

const checkRetry: Check = (name, value) => {
  checkFields<RetryOptions>(name, value, {
    maxAttempts: attempts,
    initialBackoff: wait,
    maxBackoff: wait,
    backoffMultiplier: numberIn({ above: 0 }),
    retryableStatusCodes: (key, codes) => {
      checkCodes(key, codes);
      if (codes.length === 0) throw new RangeError(`${key} must name a status code at least`);
    },
  });
};

const checkHedging: Check = (name, value) => {
  checkFields<HedgingOptions>(name, value, {
    maxAttempts: attempts,
    hedgingDelay: numberIn({ unit: 'milliseconds', from: 0, upTo: LONGEST }),
    nonFatalStatusCodes: checkCodes,
  });
};

/** The checks of what is said of attempts, for the client and for single methods. */
export const ATTEMPT_CHECKS = { retry: orFalse(checkRetry), hedging: orFalse(checkHedging) };

/** Throws unless it is at most one of the two ways to make attempts. */
export function checkOneWay(name: string, { retry, hedging }: MethodConfig): void {
  if (isKeyed(retry) && isKeyed(hedging)) {
    throw new RangeError(`${name} takes either retry or hedging, got both`);
  }
}

export const checkThrottling: Check = (name, value) => {
  checkFields<RetryThrottlingOptions>(name, value, {
    maxTokens: numberIn({ above: 0, upTo: 1000 }),
    tokenRatio: numberIn({ above: 0 }),
  });
  for (const key of ['maxTokens', 'tokenRatio'] as const) {
    if ((value as Partial<RetryThrottlingOptions>)[key] === undefined) {
      throw new TypeError(`${name} needs maxTokens and tokenRatio, got ${describeValue(value)}`);
    }
  }
};

/** Throws unless it is a table of what holds for services and methods. */
export const checkMethods: Check = (name, value) => {
  if (!isKeyed(value)) {
    throw new TypeError(`${name} must be an object, got ${describeValue(value)}`);
  }
  for (const [key, config] of Object.entries(value)) {
    if (!/^[\w.]+(\/\w+)?$/.test(key)) {
      throw new RangeError(
        `a key of ${name} must be 'package.Service' or 'package.Service/Method', got '${key}'`,
      );
    }
    const path = `${name}['${key}']`;
    checkFields<MethodConfig>(path, config, {
      timeout: numberIn({ unit: 'milliseconds', from: 0, upTo: LONGEST }),
      waitForReady: checkBoolean,
      maxRequestSize: checkByteCount,
      maxResponseSize: checkByteCount,
      ...ATTEMPT_CHECKS,
    });
    checkOneWay(path, config as MethodConfig);
  }
};

function checkCodes(name: string, value: unknown): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${name} must be an array of status codes, got ${describeValue(value)}`);
  }
  for (const code of value) {
    if (code !== 'OK' && code !== Status.OK && isCode(code)) continue;
    throw new RangeError(
      `${name} must hold status codes of failures, such as 'UNAVAILABLE', got ${describeValue(code)}`,
    );
  }
}

function isCode(value: unknown): boolean {
  return typeof value === 'string'
    ? Object.hasOwn(Status, value)
    : typeof value === 'number' && statusName(value) !== undefined;
}
