import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { whenOver } from '../stories/harness.js';

/** One message as it came over the wire. */
export interface Frame {
  readonly compressed: boolean;
  readonly bytes: Buffer;
}

/** One call as it came over the wire. */
export interface RawCall {
  readonly headers: IncomingHttpHeaders;
  readonly frames: Frame[];
  /** Which connection it came on, counted from 0. */
  readonly connection: number;
  readonly stream: ServerHttp2Stream;
  readonly session: ServerHttp2Session;
}

/** A gRPC server of nothing but `node:http2`, which keeps what it is sent. */
export async function startRawServer(
  answer: (call: RawCall) => void,
): Promise<{ address: string; calls: RawCall[]; connections(): number }> {
  const server = createServer();
  const calls: RawCall[] = [];
  const sessions = new Set<unknown>();
  server.on('session', (session: ServerHttp2Session) => {
    const connection = sessions.size;
    sessions.add(session);
    whenOver(() => session.destroy());
    session.on('error', () => {});
    session.on('stream', (stream, headers) => {
      const call: RawCall = { headers, frames: [], connection, stream, session };
      calls.push(call);
      const chunks: Buffer[] = [];
      stream.on('error', () => {});
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        call.frames.push(...framesOf(Buffer.concat(chunks)));
        answer(call);
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  whenOver(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, calls, connections: () => sessions.size };
}

/** Ends the call with these messages and OK. */
export function reply(
  { stream }: RawCall,
  frames: readonly Frame[],
  headers: Record<string, string> = {},
): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', ...headers },
    { waitForTrailers: true },
  );
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  for (const { compressed, bytes } of frames) {
    const head = Buffer.alloc(5);
    head.writeUInt8(compressed ? 1 : 0, 0);
    head.writeUInt32BE(bytes.length, 1);
    stream.write(Buffer.concat([head, bytes]));
  }
  stream.end();
}

/** Ends the call with a status and nothing else. */
export function fail(
  { stream }: RawCall,
  code: number,
  headers: Record<string, string> = {},
): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(code),
      ...headers,
    },
    { endStream: true },
  );
}

function framesOf(data: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < data.length; ) {
    const end = at + 5 + data.readUInt32BE(at + 1);
    frames.push({ compressed: data.readUInt8(at) === 1, bytes: data.subarray(at + 5, end) });
    at = end;
  }
  return frames;
}
