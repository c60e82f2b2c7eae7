/** What is allocated at once, in bytes. */
const SLAB_BYTES = 256 * 1024;

/** From this many bytes on a piece is allocated by itself. */
const OWN_BYTES = SLAB_BYTES / 4;

let slab = Buffer.allocUnsafeSlow(0);
let used = 0;

/**
 * Bytes to write frames into, cut one behind the other from a larger piece: one allocation for many
 * writes. None is used twice; the larger piece goes when all that was cut from it has been sent.
 */
export function takeBytes(size: number): Buffer {
  if (size >= OWN_BYTES) return Buffer.allocUnsafeSlow(size);
  if (used + size > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  const piece = slab.subarray(used, used + size);
  used += size;
  return piece;
}
