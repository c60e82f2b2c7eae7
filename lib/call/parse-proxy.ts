import { describeValue } from '../base/describe-value.js';

/** An HTTP proxy. */
export interface Proxy {
  /** `host:port` */
  readonly address: string;
  /** `user:password`, if it asks for that. */
  readonly credentials: string | undefined;
}

/**
 * Reads 'http://[user:password@]host:port'; port 80 unless given. Error messages leave the value
 * out: it may hold a password.
 *
 * @throws {TypeError} if it is no string
 * @throws {RangeError} for anything else
 */
export function parseProxy(name: string, value: unknown): Proxy {
  if (typeof value !== 'string') {
    throw new TypeError(`${name} must be a URL or false, got ${describeValue(value)}`);
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'http:' || url.pathname !== '/' || url.search + url.hash !== '') {
    throw new RangeError(`${name} must be 'http://[user:password@]host:port'`);
  }
  const { hostname, port, username, password } = url;
  return {
    address: `${hostname}:${port === '' ? 80 : port}`,
    credentials: username === '' ? undefined : decode(name, `${username}:${password}`),
  };
}

function decode(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError(`${name} must have its user and password percent-encoded`);
  }
}
