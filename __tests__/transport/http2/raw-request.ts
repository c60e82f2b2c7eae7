import {
  type ClientHttp2Stream,
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { soon, whenOver } from '../../stories/harness.js';

/** How a bare request was answered. */
export interface RawAnswer {
  /** Response headers, then trailers. */
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders | undefined;
  /** HTTP's status, gRPC's and the message of the latter, as they stand in either. */
  readonly http: number;
  readonly status: string | undefined;
  readonly message: string;
  readonly body: Buffer;
  readonly reset: number;
}

/**
 * Sends a bare request and gives its answer.
 *
 * @param body - sent at once, and the end of the request behind it unless `open`
 */
export async function rawRequest(
  address: string,
  headers: OutgoingHttpHeaders,
  body: Uint8Array = Buffer.from('\0\0\0\0\x07{"n":1}'),
  { open = false, send }: { open?: boolean; send?: (stream: ClientHttp2Stream) => void } = {},
): Promise<RawAnswer> {
  const session = connectHttp2(`http://${address}`, { maxSendHeaderBlockLength: 1e7 });
  session.on('error', () => {});
  whenOver(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': '/test.Stories/Unary',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  let received: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders | undefined;
  const chunks: Buffer[] = [];
  stream.on('response', (came) => {
    received = came;
  });
  stream.on('trailers', (came) => {
    trailers = came;
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
  if (send !== undefined) send(stream);
  else if (open) stream.write(body);
  else stream.end(body);
  await soon(new Promise((resolve) => stream.once('close', resolve)), 'the end of the request');
  session.destroy();
  const last = { ...received, ...trailers };
  return {
    headers: received,
    trailers,
    http: Number(received[':status']),
    status: last['grpc-status'] as string | undefined,
    message: decodeURIComponent(String(last['grpc-message'] ?? '')),
    body: Buffer.concat(chunks),
    reset: stream.rstCode,
  };
}
