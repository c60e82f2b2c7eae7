import { wordsOf } from '../base/words-of.js';
import type { CallCredentials } from '../call/call-credentials.js';
import type { ClientInterceptor } from '../call/interceptor.js';
import { type MetadataInit, toMetadata } from '../context/metadata.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** The innermost layer of a call with credentials: adds the headers that they give. */
export function attachCredentials(credentials: CallCredentials, target: string): ClientInterceptor {
  return async ({ method, metadata, signal }, next) => {
    let headers: MetadataInit;
    try {
      headers = await credentials({ path: method.path, target, signal });
    } catch (thrown) {
      if (RpcError.is(thrown)) throw thrown;
      const details = `the credentials cannot be had: ${wordsOf(thrown)}`;
      throw new RpcError(Status.UNAUTHENTICATED, details, { cause: thrown });
    }
    metadata.merge(toMetadata('credentials', headers));
    return next();
  };
}
