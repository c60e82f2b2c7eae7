import type { ServerHttp2Stream } from 'node:http2';
import { encodeMessage } from './grpc-message.js';
import type { RequestFault } from './request-fault.js';
import { stopClient } from './stop-client.js';

/**
 * Words may repeat what came: escaped, a long path would be more than Node can send, and it closes the
 * connection of every other call over that. In characters.
 */
const MOST_WORDS = 1_000;

/** Answers a request with headers alone. */
export function refuseRequest(stream: ServerHttp2Stream, fault: RequestFault): void {
  stream.resume();
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(fault.code),
      'grpc-message': encodeMessage(fault.details.slice(0, MOST_WORDS)),
      ...fault.headers,
    },
    { endStream: true },
  );
  stopClient(stream);
}
