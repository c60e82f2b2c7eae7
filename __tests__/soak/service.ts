import { bidiStream, bytes, service, unary } from 'tributary';

/** What the soak asks of its server. */
export const Soak = service('soak.Soak', {
  /** Answers as many bytes as the first four of the request say. */
  sized: unary(bytes, bytes),
  /** Gives back what comes; fails with ABORTED on an empty message. */
  echo: bidiStream(bytes, bytes),
});

/** The sizes of gRPC's interop case large_unary, in bytes. */
export const LARGE_REQUEST = 271_828;
export const LARGE_REPLY = 314_159;

/** A request that is answered with `reply` bytes. */
export function requestOf(size: number, reply: number): Uint8Array {
  const request = Buffer.alloc(size);
  request.writeUInt32BE(reply);
  return request;
}

/** How many bytes the request asks for. */
export function replySize(request: Uint8Array): number {
  return Buffer.from(request.buffer, request.byteOffset, request.byteLength).readUInt32BE();
}
