import type { IncomingHttpHeaders } from 'node:http2';
import { isReserved, Metadata, STATUS_DETAILS } from '../../context/metadata.js';

/**
 * The application's part of received headers. Several values of a binary key come joined by commas,
 * with or without base64's padding; those of a text key stay one text, as HTTP/2 joined them. What is
 * no metadata is left out.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function toMetadata(headers: IncomingHttpHeaders): Metadata {
  const metadata = new Metadata();
  for (const key of Object.keys(headers)) {
    if ((isReserved(key) && key !== STATUS_DETAILS) || key === '__proto__') continue;
    const value = headers[key];
    for (const each of Array.isArray(value) ? value : [value ?? '']) addAll(metadata, key, each);
  }
  return metadata;
}

function addAll(metadata: Metadata, key: string, value: string): void {
  try {
    if (!key.endsWith('-bin')) metadata.add(key, value);
    else for (const each of value.split(',')) metadata.add(key, Buffer.from(each, 'base64'));
  } catch {
    // Such as bytes that are no ASCII: HTTP/2 lets them pass, gRPC does not.
  }
}
