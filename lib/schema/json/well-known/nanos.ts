/** A fraction of a second as text: nothing, or a dot and 3, 6 or 9 digits. */
export function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}

/** The nanoseconds of 1 to 9 digits behind the dot. */
export function nanosOf(digits = ''): number {
  return Number(digits.padEnd(9, '0'));
}
