import { checkByteCount, checkMilliseconds, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import { checkCompression } from './compression.js';
import type { ServerTransportOptions } from './server-transport-options.js';

type Check = (name: string, value: unknown) => void;

const CHECKS: { readonly [Key in keyof ServerTransportOptions]-?: Check } = {
  tls: checkTlsShape,
  keepalive: checkKeepalive,
  compression: checkCompression,
  maxReceiveMessageSize: checkByteCount,
  maxSendMessageSize: checkByteCount,
  maxConcurrentStreams: checkCount,
  maxConnections: checkCount,
  maxMetadataSize: checkByteCount,
  handshakeTimeout: checkPositiveTime,
  maxConnectionAge: checkPositiveTime,
  maxConnectionAgeGrace: checkMilliseconds,
  maxConnectionIdle: checkPositiveTime,
};

/** The names of the options. */
export const SERVER_TRANSPORT_KEYS = Object.keys(
  CHECKS,
) as readonly (keyof ServerTransportOptions)[];

/**
 * Checks what does not depend on the transport; what is in `tls` is for the transport to check.
 *
 * @throws {TypeError | RangeError} naming the option, what it takes and what came
 */
export function checkServerTransportOptions(options: ServerTransportOptions): void {
  for (const key of SERVER_TRANSPORT_KEYS) {
    const value: unknown = options[key];
    if (value !== undefined) CHECKS[key](key, value);
  }
}

function checkTlsShape(name: string, value: unknown): void {
  if (!isKeyed(value)) {
    throw new TypeError(`${name} must be an object with cert and key, got ${describeValue(value)}`);
  }
}

function checkKeepalive(name: string, value: unknown): void {
  if (value === false) return;
  if (!isKeyed(value)) {
    throw new TypeError(`${name} must be { time, timeout } or false, got ${describeValue(value)}`);
  }
  checkOptions(name, value, ['time', 'timeout']);
  for (const [key, time] of Object.entries(value)) {
    if (time !== undefined) checkPositiveTime(`${name}.${key}`, time);
  }
}

function checkPositiveTime(name: string, value: unknown): void {
  checkMilliseconds(name, value);
  if (value === 0) throw new RangeError(`${name} must be above 0 milliseconds, got 0`);
}

function checkCount(name: string, value: unknown): void {
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number, got ${describeValue(value)}`);
  }
  if (!(value > 0) || (value !== Infinity && !Number.isSafeInteger(value))) {
    throw new RangeError(`${name} must be a whole number above 0, or Infinity, got ${value}`);
  }
}
