import { checkFunction, checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { ServerInterceptedCall, ServerInterceptor } from '../call/interceptor.js';
import type { ContextKey } from '../context/context-values.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** Nobody: what a look-up or a comparison says that has found no one. */
type Nobody = undefined | null | false;

/**
 * Finds out who calls, from the token of the call's `authorization: Bearer` header. Gives who it is,
 * or `undefined`, `null` or `false` if nobody may call with this token; may throw an `RpcError` of
 * its own.
 */
export type Verify<Identity> = (
  token: string,
  call: ServerInterceptedCall,
) => Identity | Nobody | Promise<Identity | Nobody>;

/** How `authenticate` works. */
export interface AuthenticateOptions<Identity> {
  /** Where handlers find who calls: `ctx.values.get(as)`. */
  readonly as?: ContextKey<Identity> | undefined;
  /** Paths that anybody may call, such as `/grpc.health.v1.Health/Check`. */
  readonly except?: readonly string[] | undefined;
}

/**
 * Lets only those calls in whose token `verify` knows; all others, streams too, are refused with
 * UNAUTHENTICATED before their handler begins or a message is read.
 *
 * @throws {TypeError} for a bad option
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
export function authenticate<Identity>(
  verify: Verify<Identity>,
  options: AuthenticateOptions<Identity> = {},
): ServerInterceptor {
  checkFunction('authenticate() verify', verify);
  checkOptions('authenticate()', options, ['as', 'except']);
  const { as, except = [] } = options;
  const open = new Set(except.map(checkedPath));
  return async (call, next) => {
    if (open.has(call.method.path)) return next();
    const identity = await verify(bearerToken(call), call);
    if (identity === undefined || identity === null || identity === false) {
      throw unauthenticated('the token is not valid');
    }
    if (as !== undefined) call.values.set(as, identity);
    return next();
  };
}

function bearerToken({ metadata }: ServerInterceptedCall): string {
  const [header] = metadata.get('authorization');
  if (header === undefined) throw unauthenticated('the call has no authorization header');
  const token = /^bearer +(\S+)$/i.exec(String(header))?.[1];
  if (token === undefined) throw unauthenticated('the authorization header has no bearer token');
  return token;
}

function unauthenticated(details: string): RpcError {
  return new RpcError(Status.UNAUTHENTICATED, details);
}

function checkedPath(path: unknown): string {
  if (typeof path === 'string' && /^\/[^/]+\/[^/]+$/.test(path)) return path;
  throw new TypeError(
    `authenticate() except takes paths such as '/pkg.Service/Method', got ${describeValue(path)}`,
  );
}
