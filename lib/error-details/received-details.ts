import { types } from 'node:util';
import type { Metadata } from '../metadata/metadata.js';
import { STATUS_DETAILS } from '../metadata/reserved-keys.js';
import { isMetadata } from '../metadata/to-metadata.js';
import type { AnyDetail } from './error-detail.js';
import { rpcSchema } from './rpc-schema.js';

/**
 * The details that came with an error, still packed; none when there are none, or when the bytes
 * are no `google.rpc.Status`. Never throws: this runs where an error is being handled.
 *
 * @param source - an RpcError, a StatusObject, trailers, or an error of grpc-js
 */
export function receivedDetails(source: unknown): Omit<AnyDetail, 'type'>[] {
  try {
    const bytes: unknown = trailersOf(source)?.get(STATUS_DETAILS)[0];
    if (!types.isUint8Array(bytes)) return [];
    const status = rpcSchema().message<{ details: Omit<AnyDetail, 'type'>[] }>('google.rpc.Status');
    return status.decode(bytes).details;
  } catch {
    // A peer's mistake, or a proxy that was thrown: it must not hide the error that is being handled.
    return [];
  }
}

function trailersOf(source: unknown): Metadata | undefined {
  if (source === undefined || source === null) return undefined;
  const { trailers, metadata } = source as { trailers?: unknown; metadata?: unknown };
  return [source, trailers, metadata].find(isMetadata);
}
