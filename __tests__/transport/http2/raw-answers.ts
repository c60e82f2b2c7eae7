import { framed, type RawConnection, RESPONSE } from './raw-peer.js';

/** Answers a call frame by frame. */
export type Answer = (connection: RawConnection, stream: number) => void;

const OK = { 'grpc-status': '0' };

/** A message in one piece. */
export const REPLY = framed('{"n":1}');

/** A good end behind DATA frames of these. */
export const body =
  (...parts: Buffer[]): Answer =>
  (connection, stream) => {
    connection.headers(stream, RESPONSE);
    for (const part of parts) connection.data(stream, part);
    connection.headers(stream, OK, true);
  };

/** A good end behind one message that is said to be compressed so. */
export const compressed =
  (encoding: string, bytes: Buffer): Answer =>
  (connection, stream) => {
    connection.headers(stream, { ...RESPONSE, 'grpc-encoding': encoding });
    connection.data(stream, framed(bytes, 1));
    connection.headers(stream, OK, true);
  };

/** HEADERS that end the stream. */
export const headersOnly =
  (headers: Readonly<Record<string, string>>): Answer =>
  (connection, stream) =>
    connection.headers(stream, headers, true);
