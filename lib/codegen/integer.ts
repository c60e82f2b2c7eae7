const INTEGER = /^-?(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/;

/** An integer as it is written in a `.proto`; undefined for what is none. */
export function integer(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const digits = text.replace('-', '');
  // A leading zero is octal there.
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits);
  return text.startsWith('-') ? -value : value;
}

/** The same as a number: NaN for what is none. */
export function integerNumber(text: string): number {
  return Number(integer(text) ?? NaN);
}
