import type { IncomingHttpHeaders } from 'node:http2';
import type { Compression } from '../../call/compression.js';
import { type Metadata, metadataSize } from '../../context/metadata.js';
import { accepts } from './compression.js';
import { parseTimeout } from './grpc-timeout.js';
import { toMetadata } from './received-metadata.js';

/** The headers of a call that may be taken. */
export class IncomingRequest {
  readonly metadata: Metadata;
  /** Milliseconds since the epoch; Infinity for none. */
  readonly deadline: number;
  /** What its compressed messages are compressed with. */
  readonly encoding: string;
  readonly #accepted: string | undefined;

  constructor(headers: IncomingHttpHeaders) {
    this.metadata = toMetadata(headers);
    this.deadline = deadlineOf(headers);
    this.encoding = textOf(headers, 'grpc-encoding') ?? 'identity';
    this.#accepted = textOf(headers, 'grpc-accept-encoding');
  }

  /** What its metadata takes, in bytes as HTTP/2 counts. */
  get size(): number {
    return metadataSize(this.metadata);
  }

  /** How to compress the replies if this is wanted: only as the client can read them. */
  encodingOf(wanted: Compression): Compression {
    return accepts(this.#accepted, wanted) ? wanted : 'identity';
  }
}

function deadlineOf(headers: IncomingHttpHeaders): number {
  const timeout = textOf(headers, 'grpc-timeout');
  const time = timeout === undefined ? undefined : parseTimeout(timeout);
  return time === undefined ? Infinity : Date.now() + time;
}

function textOf(headers: IncomingHttpHeaders, key: string): string | undefined {
  const value = headers[key];
  return typeof value === 'string' ? value : undefined;
}
