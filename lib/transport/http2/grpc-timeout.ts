/** Milliseconds of each unit that `grpc-timeout` may have. */
const UNITS: { readonly [unit: string]: number } = {
  n: 1e-6,
  u: 1e-3,
  m: 1,
  S: 1_000,
  M: 60_000,
  H: 3_600_000,
};

const MOST = 99_999_999;

/**
 * A `grpc-timeout` header for so many milliseconds, above 0: at most 8 digits, rounded up to the
 * smallest unit that can say it; undefined beyond the longest there is, 11,000 years.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function formatTimeout(milliseconds: number): string | undefined {
  for (const unit of ['m', 'S', 'M', 'H'] as const) {
    const amount = Math.max(Math.ceil(milliseconds / (UNITS[unit] as number)), 1);
    if (amount <= MOST) return `${amount}${unit}`;
  }
  return undefined;
}

/** The milliseconds that a `grpc-timeout` header says; undefined if it is not one. */
export function parseTimeout(header: string): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  if (match === null) return undefined;
  return Number(match[1]) * (UNITS[match[2] as string] as number);
}
