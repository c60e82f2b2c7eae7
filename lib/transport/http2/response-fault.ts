import type { IncomingHttpHeaders } from 'node:http2';
import { httpStatusCode } from './http-status.js';
import { WireFault } from './wire-fault.js';

/** Why these response headers are not gRPC's, if they are not. */
export function responseFault(headers: IncomingHttpHeaders): WireFault | undefined {
  const status = Number(headers[':status']);
  const type = headers['content-type'];
  if (status === 200 && isGrpc(type)) return undefined;
  // Proxies answer with their own status and may still say gRPC's.
  if (isGrpc(type) && headers['grpc-status'] !== undefined) return undefined;
  const of = type === undefined ? 'no content-type' : `content-type '${type}'`;
  const details = `the server answered HTTP ${status} with ${of}, which is not gRPC`;
  return new WireFault(httpStatusCode(status), details);
}

/** Whether a content-type is gRPC's, with any message format. */
export function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:[+;]|$)/i.test(contentType);
}
