import { describeValue } from '../base/describe-value.js';
import type { ClientInterceptor } from '../call/interceptor.js';

/** A token, or what fetches one; asked for every call anew, so what takes time should be cached. */
export type TokenSource = string | (() => string | Promise<string>);

/**
 * Sends `authorization: Bearer <token>` with every call, whatever the connection: for clear text the
 * network must be trusted. A call fails as the source does, if that throws.
 *
 * @throws {TypeError} when the token is neither a string nor a function
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
export function bearerAuth(token: TokenSource): ClientInterceptor {
  if (typeof token === 'string') checkToken(token);
  else if (typeof token !== 'function') {
    throw new TypeError(
      `bearerAuth() takes a token or a function that gives one, got ${describeValue(token)}`,
    );
  }
  return async ({ metadata }, next) => {
    const current = typeof token === 'string' ? token : await token();
    checkToken(current);
    metadata.set('authorization', `Bearer ${current}`);
    return next();
  };
}

/** The characters that RFC 6750 has. Never says what it got: that is a secret. */
function checkToken(token: unknown): void {
  if (typeof token === 'string' && /^[\w.~+/-]+=*$/.test(token)) return;
  throw new TypeError(
    'bearerAuth() token must be letters, digits and -._~+/ only, and = at its end',
  );
}
