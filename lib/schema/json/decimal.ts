/** A number as JSON writes it. */
const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Beyond this many digits nothing is an integer of 64 bits. */
const LONGEST = 64;

/** The number that a text holds, in the one way that JSON writes numbers; undefined if it is none. */
export function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

/**
 * The integer that a text holds, exact, also when it is written with a fraction of zeros or an
 * exponent, such as `1.0` or `1e5`; undefined if it is none, or far beyond 64 bits.
 */
export function parseInteger(text: string): bigint | undefined {
  const parts = text.length > LONGEST ? null : NUMBER.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/0+$/, '');
  if (digits === '') return 0n;
  const power = Number(exponent) + `${whole}`.length - digits.length;
  if (power < 0 || power > LONGEST) return undefined;
  return BigInt(`${sign}${digits}${'0'.repeat(power)}`);
}
