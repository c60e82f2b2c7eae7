import { checkMetadata, Metadata } from '../context/metadata.js';
import { Status } from '../status/status.js';
import type { StatusObject } from '../status/status-object.js';
import { wireDetails } from './wire-details.js';

/**
 * The status as it can be sent.
 *
 * @param report - told why the trailers cannot; the call then ends with INTERNAL and without them
 */
export function finalStatus(
  { code, details, trailers }: StatusObject,
  report: (misuse: unknown) => void,
): StatusObject {
  try {
    checkMetadata('trailers', trailers);
  } catch (misuse) {
    // HTTP/2 would refuse them where nobody could catch it.
    report(misuse);
    const words = 'the handler produced invalid trailers';
    return { code: Status.INTERNAL, details: words, trailers: new Metadata() };
  }
  return { code, details: wireDetails(details), trailers };
}
