import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { Metadata } from '../../context/metadata.js';
import { Status } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';
import type { CallCarrier } from './call-queue.js';
import { decodeMessage } from './grpc-message.js';
import { toMetadata } from './received-metadata.js';
import { resetCode, resetName } from './reset-status.js';

/** The highest code that gRPC has. */
const LAST_CODE = 16;

/**
 * The status of a call as trailers, or a response of headers alone, say it.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
 */
function statusOf(headers: IncomingHttpHeaders): StatusObject {
  const code = headers['grpc-status'];
  const message = headers['grpc-message'];
  const trailers = toMetadata(headers);
  if (typeof code !== 'string' || !/^\d{1,2}$/.test(code) || Number(code) > LAST_CODE) {
    const came =
      code === undefined ? 'no status' : `the status '${String(code)}', which there is not`;
    return { code: Status.UNKNOWN, details: `the server ended the call with ${came}`, trailers };
  }
  const details = typeof message === 'string' ? decodeMessage(message) : '';
  return { code: Number(code), details, trailers };
}

/**
 * The status of a call whose stream has ended, with trailers or without.
 *
 * @param isWhole - whether its last message came to its end
 */
export function finalStatus(
  headers: IncomingHttpHeaders | undefined,
  isWhole: boolean,
  stream: ClientHttp2Stream,
  carrier: CallCarrier | undefined,
): StatusObject {
  if (headers !== undefined) {
    const status = statusOf(headers);
    if (status.code !== Status.OK || isWhole) return status;
    return { ...status, code: Status.INTERNAL, details: 'the last message was cut short' };
  }
  const trailers = new Metadata();
  const { rstCode } = stream;
  const loss = carrier?.lossOf(stream);
  if (loss !== undefined) return { code: Status.UNAVAILABLE, details: loss, trailers };
  if (rstCode === 0) {
    const details = 'the server ended the call without a status';
    return { code: Status.UNKNOWN, details, trailers };
  }
  const details = `the server reset the call (${resetName(rstCode)})`;
  return { code: resetCode(rstCode), details, trailers };
}
