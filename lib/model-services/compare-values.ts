/**
 * Which of two values of one field comes first: below 0 for `a`, above 0 for `b`. A total order: unset
 * comes first, NaN next. Texts are in the order of their UTF-16 units.
 */
export function compareValues(a: unknown, b: unknown): number {
  const ranks = rank(a) - rank(b);
  if (ranks !== 0 || rank(a) < 2) return ranks;
  if ((a as number) < (b as number)) return -1;
  return (a as number) > (b as number) ? 1 : 0;
}

function rank(value: unknown): number {
  if (value === undefined) return 0;
  return Number.isNaN(value) ? 1 : 2;
}
