import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ErrorDetail, errorDetails, RpcError, richError, Status } from 'tributary';
import { STANDARD_TYPES } from '../../lib/error-details/standard-detail.js';
import { anyDetail } from './arbitrary-details.js';
import { decodeIndependently, encodeIndependently } from './google-rpc.js';

const KEY = 'grpc-status-details-bin';

function bytesOf(error: RpcError): Uint8Array {
  return new Uint8Array(error.trailers.get(KEY)[0] as Buffer);
}

/** A detail as @bufbuild/protobuf packs it. */
function packed({ type, ...fields }: ErrorDetail): { typeUrl: string; value: Uint8Array } {
  if (type === 'Any') return fields as { typeUrl: string; value: Uint8Array };
  const { retryDelay } = fields as { retryDelay?: number };
  const message = retryDelay === undefined ? fields : { retryDelay: durationOf(retryDelay) };
  return {
    typeUrl: `type.googleapis.com/google.rpc.${type}`,
    value: encodeIndependently(type, message),
  };
}

function durationOf(milliseconds: number): { seconds: bigint; nanos: number } {
  const nanos = BigInt(Math.round(milliseconds * 1e6));
  return { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) };
}

describe('details on the wire', () => {
  it('are, to the byte, what a hand with the specification would write', () => {
    const error = richError(Status.NOT_FOUND, 'no', [
      { type: 'RetryInfo', retryDelay: 1_500 },
      { type: 'RequestInfo', requestId: 'r1' },
    ]);
    const host = '747970652e676f6f676c65617069732e636f6d2f676f6f676c652e7270632e';
    expect(Buffer.from(bytesOf(error)).toString('hex')).toBe(
      '0805' + // code: 5
        '12026e6f' + // message: 'no'
        `1a360a28${host}5265747279496e666f` + // Any, RetryInfo
        '120a' + // its value, 10 bytes
        '0a080801' + // retry_delay: 8 bytes, seconds: 1
        '1080cab5ee01' + // nanos: 500 million
        `1a320a2a${host}52657175657374496e666f` + // Any, RequestInfo
        '12040a027231', // request_id: 'r1'
    );
  });

  it('are those of another implementation, both ways', () => {
    fc.assert(
      fc.property(
        fc.array(anyDetail, { maxLength: 5 }),
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.integer({ min: 1, max: 16 }),
        (details, message, code) => {
          const theirs = encodeIndependently('Status', {
            code,
            message,
            details: details.map(packed),
          });
          expect(bytesOf(richError(code, message, details))).toEqual(theirs);
          const received = new RpcError(code, '', { trailers: { [KEY]: theirs } });
          expect(errorDetails(received)).toEqual(details);
        },
      ),
    );
  });

  it('are read by another implementation', () => {
    const error = richError(Status.ABORTED, 'w', [
      { type: 'ErrorInfo', reason: 'R', domain: 'd', metadata: { a: 'b' } },
    ]);
    const status = decodeIndependently('Status', bytesOf(error));
    expect(status).toMatchObject({ code: 10, message: 'w' });
    const [any] = status.details as { typeUrl: string; value: Uint8Array }[];
    expect(any?.typeUrl).toBe('type.googleapis.com/google.rpc.ErrorInfo');
    expect(decodeIndependently('ErrorInfo', any?.value as Uint8Array)).toMatchObject({
      reason: 'R',
      domain: 'd',
      metadata: { a: 'b' },
    });
  });

  it('may leave out whatever has a default', () => {
    for (const type of STANDARD_TYPES) {
      const value = encodeIndependently(type, {});
      expect(value).toHaveLength(0);
      const details = [{ typeUrl: `x/google.rpc.${type}`, value }];
      const bytes = encodeIndependently('Status', { details });
      const [detail, ...more] = errorDetails(new RpcError(5, '', { trailers: { [KEY]: bytes } }));
      expect(more).toEqual([]);
      expect(detail?.type).toBe(type);
      // What was read can be sent on as it is.
      expect(errorDetails(richError(5, '', [detail as ErrorDetail]))).toEqual([detail]);
    }
  });
});

describe('details of a peer that does not know how', () => {
  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const error = new RpcError(5, '', { trailers: { [KEY]: bytes } });
        expect(Array.isArray(errorDetails(error))).toBe(true);
        expect(error.trailers.get(KEY)).toEqual([Buffer.from(bytes)]);
      }),
    );
  });

  it('never throw, however they were damaged', () => {
    fc.assert(
      fc.property(
        fc.array(anyDetail, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        (details, at, byte) => {
          const bytes = bytesOf(richError(5, 'x', details));
          bytes[at % bytes.length] = byte;
          for (const damaged of [bytes, bytes.subarray(0, at % bytes.length)]) {
            const error = new RpcError(5, '', { trailers: { [KEY]: damaged } });
            expect(Array.isArray(errorDetails(error))).toBe(true);
          }
        },
      ),
    );
  });

  it('keep the bytes of a standard detail that cannot be decoded', () => {
    const details = [
      { typeUrl: 'type.googleapis.com/google.rpc.Help', value: Uint8Array.of(0xff) },
      { typeUrl: 'type.googleapis.com/google.rpc.Unheard', value: Uint8Array.of(1) },
      { typeUrl: '', value: new Uint8Array() },
      packed({ type: 'RetryInfo', retryDelay: 5 }),
    ];
    const bytes = encodeIndependently('Status', { details });
    expect(errorDetails(new RpcError(5, '', { trailers: { [KEY]: bytes } }))).toEqual([
      ...details.slice(0, 3).map((detail) => ({ type: 'Any', ...detail })),
      { type: 'RetryInfo', retryDelay: 5 },
    ]);
  });
});
