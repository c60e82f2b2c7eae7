import { type StatusObject as GrpcStatus, Metadata } from '@grpc/grpc-js';
import { dropReserved } from '../../context/metadata.js';
import { Status } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';

/** The status of a call as grpc-js reports it, where it does not keep to its own types, mended. */
export function toStatus(status: Partial<GrpcStatus>): StatusObject {
  const { code, details, metadata } = status;
  const trailers = metadata ?? new Metadata();
  // The status of a call without messages comes with its response headers in one.
  dropReserved(trailers);
  // For a reply in an encoding that it does not know grpc-js reports a bare Error.
  if (typeof code !== 'number' || typeof details !== 'string') {
    const words = 'a reply is compressed, and its encoding is missing or unknown';
    return { code: Status.UNIMPLEMENTED, details: words, trailers };
  }
  // The connection failed, not the call: another one may well succeed.
  if (code === Status.INTERNAL && details.includes('Session closed with error code')) {
    return { code: Status.UNAVAILABLE, details, trailers };
  }
  return { code, details: withoutEmptyNotes(details), trailers };
}

/** What grpc-js leaves in when it knows no error of its own, as for a connection that was lost. */
function withoutEmptyNotes(details: string): string {
  return details
    .replace(/\s*Resolution note:\s*$/, '')
    .replace(/(No connection established\.) Last error: null\.?$/, '$1');
}
