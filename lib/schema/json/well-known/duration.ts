import { wrongType } from '../../wire/scalar-fit.js';
import type { Mapping } from '../conversion.js';
import { fractionOf, nanosOf } from './nanos.js';

const FORMAT = /^(-?)(\d{1,20})(?:\.(\d{1,9}))?s$/;
/** 10,000 years. */
const LONGEST = 315_576_000_000;

/** `google.protobuf.Duration`: seconds with a fraction and an `s` behind. */
export const duration: Mapping = {
  write({ seconds, nanos }) {
    const whole = checkSeconds(Number(seconds ?? 0));
    const fraction = Number(nanos ?? 0);
    if (Math.abs(fraction) > 999_999_999) {
      throw new RangeError(`expected nanos from -999999999 to 999999999, got ${fraction}`);
    }
    if (whole * fraction < 0) {
      throw new RangeError(`expected nanos of the same sign as seconds, got ${whole}, ${fraction}`);
    }
    const sign = whole < 0 || fraction < 0 ? '-' : '';
    return `${sign}${Math.abs(whole)}${fractionOf(Math.abs(fraction))}s`;
  },

  read(json) {
    const parts = typeof json === 'string' ? FORMAT.exec(json) : null;
    if (parts === null) throw wrongType("a duration such as '1.5s'", json);
    const [, sign, whole, fraction] = parts;
    const seconds = BigInt(checkSeconds(Number(whole)));
    const nanos = nanosOf(fraction);
    return sign === '-' ? { seconds: -seconds, nanos: 0 - nanos } : { seconds, nanos };
  },
};

function checkSeconds(seconds: number): number {
  if (Math.abs(seconds) <= LONGEST) return seconds;
  throw new RangeError(`expected at most ±${LONGEST} seconds, got ${seconds}`);
}
