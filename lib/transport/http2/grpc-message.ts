/**
 * Percent-encoding as `grpc-message` has it: UTF-8, with everything but printable ASCII escaped,
 * and `%` itself.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
export function encodeMessage(details: string): string {
  if (PLAIN.test(details)) return details;
  const bytes = Buffer.from(details);
  let text = '';
  for (const [at, byte] of bytes.entries()) {
    text += isPlain(byte, at === 0 || at === bytes.length - 1)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** Spaces at an end would be lost on the way. */
function isPlain(byte: number, atEnd: boolean): boolean {
  return byte > 0x20 ? byte <= 0x7e && byte !== PERCENT : byte === 0x20 && !atEnd;
}

/** Never fails: what is no escape stands for itself, and bytes that are no UTF-8 are replaced. */
export function decodeMessage(text: string): string {
  if (/^[ -$&-~]*$/.test(text)) return text;
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const PERCENT = 0x25;
/** What needs no escape at all. */
const PLAIN = /^(?:[!-$&-~](?:[ -$&-~]*[!-$&-~])?)?$/;
