import { constants } from 'node:http2';
import { Status } from '../../status/status.js';

const CODES: { readonly [reset: number]: number } = {
  [constants.NGHTTP2_REFUSED_STREAM]: Status.UNAVAILABLE,
  [constants.NGHTTP2_CANCEL]: Status.CANCELLED,
  [constants.NGHTTP2_ENHANCE_YOUR_CALM]: Status.RESOURCE_EXHAUSTED,
  [constants.NGHTTP2_INADEQUATE_SECURITY]: Status.PERMISSION_DENIED,
};

const NAMES = new Map(
  Object.entries(constants)
    .filter(([name]) => /^NGHTTP2_(?!ERR_|FLAG_|NV_|SETTINGS_(?!TIMEOUT)|HCAT_)/.test(name))
    .map(([name, code]) => [code as number, name.slice('NGHTTP2_'.length)]),
);

/**
 * The status of a call whose stream was reset before it had one.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors
 */
export function resetCode(reset: number): number {
  return CODES[reset] ?? Status.INTERNAL;
}

/** The name of an HTTP/2 error code. */
export function resetName(reset: number): string {
  return NAMES.get(reset) ?? `error ${reset}`;
}
