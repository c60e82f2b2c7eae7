import { checkFunction, checkMilliseconds, checkOptions } from '../../base/check.js';
import { describeValue } from '../../base/describe-value.js';
import type { ClientTlsOptions, ServerTlsOptions, TlsOptions } from '../../call/tls-options.js';

const PARTS = ['ca', 'cert', 'key'] as const;
const FILES = ['caFile', 'certFile', 'keyFile'] as const;
const SHARED_KEYS = [...PARTS, ...FILES, 'passphrase', 'refreshInterval'] as const;
const MODES = ['none', 'request', 'require'] as const;

/**
 * Checks the shape of a client's options, not yet what is in certificates and files.
 *
 * @throws {TypeError | RangeError} naming the option, what it takes and what came
 */
export function checkClientTls(options: ClientTlsOptions): void {
  checkShared(options, [...SHARED_KEYS, 'serverName', 'checkServerIdentity']);
  const { serverName, checkServerIdentity } = options;
  if (serverName !== undefined) checkText('tls.serverName', 'a host name', serverName);
  if (checkServerIdentity !== undefined) {
    checkFunction('tls.checkServerIdentity', checkServerIdentity);
  }
}

/** The same for a server's, which needs an identity. */
export function checkServerTls(options: ServerTlsOptions): void {
  checkShared(options, [...SHARED_KEYS, 'clientCertificate']);
  const { clientCertificate: mode } = options;
  if (!has(options, 'cert')) {
    throw new TypeError('tls of a server needs cert and key, or certFile and keyFile');
  }
  if (mode === undefined) return;
  if (!MODES.includes(mode)) {
    const Misfit = typeof mode === 'string' ? RangeError : TypeError;
    throw new Misfit(
      `tls.clientCertificate must be 'none', 'request' or 'require', got ${describeValue(mode)}`,
    );
  }
  if (mode !== 'none' && !has(options, 'ca')) {
    throw new TypeError(`tls.clientCertificate '${mode}' needs ca or caFile: whom to trust`);
  }
}

function checkShared(options: TlsOptions, known: readonly string[]): void {
  checkOptions('tls', options, known);
  const { passphrase, refreshInterval } = options;
  for (const part of PARTS) checkPart(options, part);
  if (has(options, 'cert') !== has(options, 'key')) {
    throw new TypeError('tls takes cert and key, or their files, together: one of them is missing');
  }
  if (passphrase !== undefined) {
    checkText('tls.passphrase', 'a string', passphrase);
    if (!has(options, 'key')) throw new TypeError('tls.passphrase needs key or keyFile');
  }
  if (refreshInterval === undefined) return;
  checkMilliseconds('tls.refreshInterval', refreshInterval);
  if (refreshInterval === 0) {
    throw new RangeError('tls.refreshInterval must be above 0 milliseconds, got 0');
  }
}

function checkPart(options: TlsOptions, part: (typeof PARTS)[number]): void {
  const pem: unknown = options[part];
  const file = options[`${part}File`];
  if (pem !== undefined && file !== undefined) {
    throw new TypeError(`tls takes ${part} or ${part}File, not both`);
  }
  if (pem !== undefined && typeof pem !== 'string' && !(pem instanceof Uint8Array)) {
    throw new TypeError(
      `tls.${part} must be PEM text, a string or its bytes, got ${describeValue(pem)}`,
    );
  }
  if (file !== undefined) checkText(`tls.${part}File`, 'the path of a file', file);
}

function has(options: TlsOptions, part: (typeof PARTS)[number]): boolean {
  return options[part] !== undefined || options[`${part}File`] !== undefined;
}

function checkText(name: string, expected: string, value: unknown): void {
  if (typeof value !== 'string') {
    throw new TypeError(`${name} must be ${expected}, got ${describeValue(value)}`);
  }
  if (value === '') throw new RangeError(`${name} must be ${expected}, got an empty string`);
}
