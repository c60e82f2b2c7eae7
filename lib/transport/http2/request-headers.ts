import type { OutgoingHttpHeaders } from 'node:http2';
import type { OutgoingCall } from '../../call/client-transport.js';
import type { Compression } from '../../call/compression.js';
import { ACCEPTED } from './compression.js';
import { formatTimeout } from './grpc-timeout.js';

/** What the headers of all requests of a channel have in common. */
export interface RequestDefaults {
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  readonly userAgent: string;
}

/**
 * The headers that open a call, with the time that it has left now.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function requestHeaders(
  { path, metadata, deadline }: OutgoingCall,
  encoding: Compression,
  { authority, scheme, userAgent }: RequestDefaults,
): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ':method': 'POST',
    ':scheme': scheme,
    ':path': path,
    ':authority': authority,
    te: 'trailers',
    'content-type': 'application/grpc',
    'user-agent': userAgent,
    'grpc-accept-encoding': ACCEPTED,
  };
  if (encoding !== 'identity') headers['grpc-encoding'] = encoding;
  if (deadline !== Infinity) headers['grpc-timeout'] = formatTimeout(deadline - Date.now());
  return Object.assign(headers, metadata.toHttp2Headers());
}
