import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Status } from 'tributary';
import { decodeMessage, encodeMessage } from '../../../lib/transport/http2/grpc-message.js';
import { formatTimeout, parseTimeout } from '../../../lib/transport/http2/grpc-timeout.js';
import { httpStatusCode } from '../../../lib/transport/http2/http-status.js';
import { resetCode, resetName } from '../../../lib/transport/http2/reset-status.js';

describe('grpc-timeout', () => {
  it.each([
    [0.2, '1m'],
    [1, '1m'],
    [1_500.2, '1501m'],
    [99_999_999, '99999999m'],
    [100_000_000, '100000S'],
    [100_000_001, '100001S'],
    [99_999_999_999, '1666667M'],
    [1e13, '166666667M'.length > 9 ? '2777778H' : ''],
  ])('of %d ms is %s', (milliseconds, text) => {
    expect(formatTimeout(milliseconds)).toBe(text);
  });

  it('has an end', () => {
    expect(formatTimeout(99_999_999 * 3_600_000)).toBe('99999999H');
    expect(formatTimeout(1e15)).toBeUndefined();
  });

  it('is never shorter than the time, and less than one of its units longer', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 3e14, noNaN: true }), (milliseconds) => {
        const text = formatTimeout(milliseconds) as string;
        expect(text).toMatch(/^\d{1,8}[mSMH]$/);
        const read = parseTimeout(text) as number;
        expect(read).toBeGreaterThanOrEqual(milliseconds);
        expect(read - milliseconds).toBeLessThan(parseTimeout(`1${text.at(-1)}`) as number);
      }),
    );
  });

  it.each([
    ['1n', 1e-6],
    ['99999999u', 99_999.999],
    ['0m', 0],
    ['00000001S', 1_000],
    ['99999999H', 99_999_999 * 3_600_000],
  ])('%s is read as %d ms', (text, milliseconds) => {
    expect(parseTimeout(text)).toBeCloseTo(milliseconds);
  });

  it.each(['', '1', 'S', '-1S', '1.5S', '123456789m', '1s', '1 S', ' 1S', '1SS', '0x1S', '１S'])(
    '%j is none',
    (text) => {
      expect(parseTimeout(text)).toBeUndefined();
    },
  );
});

describe('grpc-message', () => {
  it('escapes what is not printable ASCII, percent signs, and spaces at the ends', () => {
    expect(encodeMessage('plain text!')).toBe('plain text!');
    expect(encodeMessage('100%')).toBe('100%25');
    expect(encodeMessage('\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n')).toBe(
      '%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A',
    );
    expect(encodeMessage(' a ')).toMatch(/^%20a%20$/);
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = encodeMessage(text);
        expect(encoded).toMatch(/^(?:[!-~](?:[ -~]*[!-~])?)?$/);
        expect(decodeMessage(encoded)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['%', '%'],
    ['50% off', '50% off'],
    ['%2', '%2'],
    ['%zz%41', '%zzA'],
    ['%ff', '\ufffd'],
    ['%e2%98', '\ufffd'],
  ])('%j is read as %j, whoever wrote it', (text, read) => {
    expect(decodeMessage(text)).toBe(read);
  });
});

describe('what stands for a status', () => {
  it.each([
    [0, Status.INTERNAL, 'NO_ERROR'],
    [1, Status.INTERNAL, 'PROTOCOL_ERROR'],
    [7, Status.UNAVAILABLE, 'REFUSED_STREAM'],
    [8, Status.CANCELLED, 'CANCEL'],
    [11, Status.RESOURCE_EXHAUSTED, 'ENHANCE_YOUR_CALM'],
    [12, Status.PERMISSION_DENIED, 'INADEQUATE_SECURITY'],
    [4_000, Status.INTERNAL, 'error 4000'],
  ])('the reset %i', (reset, code, name) => {
    expect(resetCode(reset)).toBe(code);
    expect(resetName(reset)).toBe(name);
  });

  it.each([
    [200, Status.UNKNOWN],
    [400, Status.INTERNAL],
    [401, Status.UNAUTHENTICATED],
    [403, Status.PERMISSION_DENIED],
    [404, Status.UNIMPLEMENTED],
    [429, Status.UNAVAILABLE],
    [502, Status.UNAVAILABLE],
    [503, Status.UNAVAILABLE],
    [504, Status.UNAVAILABLE],
    [500, Status.UNKNOWN],
  ])('HTTP %i', (httpStatus, code) => {
    expect(httpStatusCode(httpStatus)).toBe(code);
  });
});
