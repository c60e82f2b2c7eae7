import { deflate, gunzip, gzip, type InputType, inflate, type ZlibOptions } from 'node:zlib';
import type { Compression } from '../../call/compression.js';
import { Status } from '../../status/status.js';
import { WireFault } from './wire-fault.js';

/** What a `grpc-accept-encoding` header says of us. */
export const ACCEPTED = 'identity,gzip,deflate';

/** Below this many bytes a compressed message would be no smaller than the message. */
const WORTH_COMPRESSING = 64;

type Zlib = (
  input: InputType,
  options: ZlibOptions,
  done: (error: Error | null, result: Buffer) => void,
) => void;

const COMPRESS: { readonly [name: string]: Zlib } = { gzip, deflate };
const DECOMPRESS: { readonly [name: string]: Zlib } = { gzip: gunzip, deflate: inflate };

/** Whether messages in this encoding can be read. */
export function isKnownEncoding(name: string): boolean {
  return name === 'identity' || Object.hasOwn(DECOMPRESS, name);
}

/** Whether a peer that sent this `grpc-accept-encoding` can read the encoding. */
export function accepts(header: string | undefined, encoding: Compression): boolean {
  if (encoding === 'identity') return true;
  return header?.split(',').some((name) => name.trim() === encoding) ?? false;
}

/** Whether a message of so many bytes is to be compressed. */
export function isWorthCompressing(size: number): boolean {
  return size >= WORTH_COMPRESSING;
}

/** A message compressed, off the event loop. */
export function compress(bytes: Uint8Array, encoding: 'gzip' | 'deflate'): Promise<Buffer> {
  return run(COMPRESS[encoding] as Zlib, bytes, {});
}

/**
 * A message as it was, off the event loop.
 *
 * @param maxSize - bytes above which it is refused, with no more than these ever in memory
 * @throws {WireFault} if it is too large or broken
 */
export async function decompress(
  bytes: Uint8Array,
  encoding: string,
  maxSize: number,
): Promise<Buffer> {
  const limit = Math.min(maxSize, LARGEST);
  try {
    return await run(DECOMPRESS[encoding] as Zlib, bytes, { maxOutputLength: limit });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const details = `a message is over the limit of ${maxSize} bytes when decompressed`;
      throw new WireFault(Status.RESOURCE_EXHAUSTED, details);
    }
    throw new WireFault(Status.INTERNAL, `a message is not ${encoding}, as its headers say`);
  }
}

/** What zlib can be asked for, in bytes. */
const LARGEST = 2 ** 32 - 1;

function run(zlib: Zlib, bytes: Uint8Array, options: ZlibOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zlib(bytes, options, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}
