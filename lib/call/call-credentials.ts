import type { MetadataInit } from '../context/metadata.js';

/** What credentials are asked for. */
export interface CredentialsRequest {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** The target that the client was made for. */
  readonly target: string;
  /** Aborts when the call is over before it could begin. */
  readonly signal: AbortSignal;
}

/**
 * Gives the headers that prove who calls, for every call anew; what takes time should be cached. A
 * call fails with what it throws: an `RpcError` as it is, anything else as UNAUTHENTICATED. Such
 * headers only travel on secure connections.
 */
export type CallCredentials = (request: CredentialsRequest) => MetadataInit | Promise<MetadataInit>;
