import type { ErrorDetail } from './error-detail.js';
import { receivedDetails } from './received-details.js';
import { decodeStandard, isStandardType } from './standard-detail.js';
import { nameIn } from './type-url.js';

const STANDARD = /^google\.rpc\.(\w+)$/;

/**
 * The details of an error, in their order; none when there are none. Whatever a peer sent, this does
 * not throw: messages that are unknown or damaged have `type: 'Any'` and keep their bytes, and where
 * not even the list can be read it is empty, and the bytes are in the trailers still.
 *
 * @param source - what was caught, or what `status()` gave, or trailers
 */
export function errorDetails(source: unknown): ErrorDetail[] {
  return receivedDetails(source).map(({ typeUrl, value }) => unpack(typeUrl, value));
}

function unpack(typeUrl: string, value: Uint8Array): ErrorDetail {
  const type = STANDARD.exec(nameIn(typeUrl))?.[1];
  if (isStandardType(type)) {
    try {
      return decodeStandard(type, value);
    } catch {
      // Damaged: the bytes say more than nothing.
    }
  }
  return { type: 'Any', typeUrl, value };
}
