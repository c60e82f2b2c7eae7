import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { Status } from '../../status/status.js';
import { ACCEPTED, isKnownEncoding } from './compression.js';
import { parseTimeout } from './grpc-timeout.js';
import { isGrpc } from './response-fault.js';

/** Why a request is answered before any handler, and what the answer says. */
export interface RequestFault {
  readonly code: number;
  readonly details: string;
  /** What the answer has besides a status; HTTP 200 unless it says so. */
  readonly headers?: OutgoingHttpHeaders;
}

/**
 * What is wrong with the headers of a request, if anything is.
 *
 * What is no gRPC gets HTTP's own words, with a status for clients that look for one. A request without
 * `te` has passed a proxy that may drop trailers, and the status with them: it is refused while that
 * still arrives, in headers, as C++ servers do. A `grpc-timeout` that cannot be read is INTERNAL, as
 * in Go: without it, a call might run that nobody waits for.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 * @see https://github.com/grpc/grpc/blob/master/doc/compression.md
 */
export function requestFault(headers: IncomingHttpHeaders): RequestFault | undefined {
  return httpFault(headers) ?? callFault(headers);
}

function httpFault(headers: IncomingHttpHeaders): RequestFault | undefined {
  const method = headers[':method'];
  const type = headers['content-type'];
  if (method !== 'POST') {
    const details = `a call is a POST, got ${method}`;
    return { code: Status.INTERNAL, details, headers: { ':status': 405, allow: 'POST' } };
  }
  if (isGrpc(type)) return undefined;
  const details = `the content-type of a call is application/grpc, got ${type ?? 'none'}`;
  return { code: Status.INTERNAL, details, headers: { ':status': 415 } };
}

function callFault(headers: IncomingHttpHeaders): RequestFault | undefined {
  const timeout = headers['grpc-timeout'];
  const encoding = headers['grpc-encoding'];
  if (headers.te !== 'trailers') {
    const details = "the header 'te: trailers' is missing: a proxy on the way may lose trailers";
    return { code: Status.INTERNAL, details };
  }
  if (timeout !== undefined && parseTimeout(String(timeout)) === undefined) {
    return { code: Status.INTERNAL, details: `grpc-timeout '${String(timeout)}' is malformed` };
  }
  if (encoding !== undefined && !isKnownEncoding(String(encoding))) {
    const details = `the grpc-encoding '${String(encoding)}' is not known`;
    return { code: Status.UNIMPLEMENTED, details, headers: { 'grpc-accept-encoding': ACCEPTED } };
  }
  return binaryFault(headers);
}

/** Bytes would be lost without a word if what is no base64 were read as it. */
function binaryFault(headers: IncomingHttpHeaders): RequestFault | undefined {
  for (const key in headers) {
    if (!key.endsWith('-bin')) continue;
    for (const value of String(headers[key]).split(',')) {
      if (isBase64(value.trim())) continue;
      return { code: Status.INTERNAL, details: `the header '${key}' is not in base64` };
    }
  }
  return undefined;
}

/** With padding or without, as receivers must take it. */
function isBase64(text: string): boolean {
  const body = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  return body.length % 4 !== 1 && /^[A-Za-z0-9+/]*$/.test(body);
}
