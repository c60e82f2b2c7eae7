import { wrongType } from '../../wire/scalar-fit.js';
import type { Mapping } from '../conversion.js';
import { fractionOf, nanosOf } from './nanos.js';

const FORMAT =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
/** The first and the last second of the years 1 to 9999. */
const FIRST = -62_135_596_800;
const LAST = 253_402_300_799;

/** `google.protobuf.Timestamp`: RFC 3339, written in UTC. */
export const timestamp: Mapping = {
  write({ seconds = 0n, nanos }) {
    const whole = checkSeconds(Number(seconds));
    const fraction = Number(nanos ?? 0);
    if (fraction < 0 || fraction > 999_999_999) {
      throw new RangeError(`expected nanos from 0 to 999999999, got ${fraction}`);
    }
    return `${isoOf(whole)}${fractionOf(fraction)}Z`;
  },

  read(json) {
    const parts = typeof json === 'string' ? FORMAT.exec(json) : null;
    if (parts === null) throw wrongType("a time such as '1972-01-01T10:00:20.021Z'", json);
    const [, local = '', fraction, sign, hours, minutes] = parts;
    const seconds = Date.parse(`${local}Z`) / 1000;
    // Date.parse takes the 30th of February for the 1st of March.
    if (Number.isNaN(seconds) || isoOf(seconds) !== local) {
      throw new RangeError(`expected a day and time that there are, got '${local}'`);
    }
    const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60;
    const utc = checkSeconds(sign === '-' ? seconds + offset : seconds - offset);
    return { seconds: BigInt(utc), nanos: nanosOf(fraction) };
  },
};

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
}

function checkSeconds(seconds: number): number {
  if (seconds >= FIRST && seconds <= LAST) return seconds;
  throw new RangeError(`expected a time in the years 1 to 9999, got ${seconds} s since 1970`);
}
