/** The few pieces of ASN.1's DER that a certificate is made of. */

/** One element: its tag, its length, what it holds. */
export function element(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const digits = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, body]);
}

export const sequence = (...content: Buffer[]): Buffer => element(0x30, ...content);
export const set = (...content: Buffer[]): Buffer => element(0x31, ...content);
export const octets = (content: Buffer): Buffer => element(0x04, content);
export const bits = (content: Buffer): Buffer => element(0x03, Buffer.from([0]), content);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text));
export const TRUE = element(0x01, Buffer.from([0xff]));

/** A positive whole number, of these bytes. */
export function integer(bytes: Buffer): Buffer {
  const needsZero = ((bytes[0] ?? 0) & 0x80) !== 0;
  return element(0x02, needsZero ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** An object identifier such as `2.5.4.3`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return element(0x06, Buffer.from(bytes));
}

/** A moment before 2050, to the second. */
export function time(moment: Date): Buffer {
  const text = moment.toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${text}Z`));
}
