import type { ServerHttp2Stream } from 'node:http2';
import { encodeMessage } from './grpc-message.js';
import type { RequestFault } from './request-fault.js';
import { stopClient } from './stop-client.js';

/** Answers a request with headers alone. */
export function refuseRequest(stream: ServerHttp2Stream, fault: RequestFault): void {
  stream.resume();
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(fault.code),
      'grpc-message': encodeMessage(fault.details),
      ...fault.headers,
    },
    { endStream: true },
  );
  stopClient(stream);
}
