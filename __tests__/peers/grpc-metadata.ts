import { Metadata } from '@grpc/grpc-js';
import type { Headers } from './peer.js';

export function headersOf(metadata: Metadata): Headers {
  const headers: { [key: string]: string | Uint8Array } = {};
  for (const [key, value] of Object.entries(metadata.getMap())) {
    headers[key] = typeof value === 'string' ? value : new Uint8Array(value);
  }
  return headers;
}

export function metadataOf(headers: Headers = {}): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) {
    metadata.set(key, typeof value === 'string' ? value : Buffer.from(value));
  }
  return metadata;
}
