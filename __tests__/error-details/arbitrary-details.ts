import fc from 'fast-check';
import type { ErrorDetail } from 'tributary';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
// `__proto__` is no key of an object literal, in either implementation.
const map = fc.dictionary(
  text.filter((key) => key !== '__proto__'),
  text,
  { maxKeys: 4, noNullPrototype: true },
);

function list<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(value, { maxLength: 4 });
}

/** Milliseconds in whole nanoseconds, up to 99 days: all of that is exact. */
/** In milliseconds; beyond eleven days a number has no room for single nanoseconds. */
const delay = fc.oneof(
  fc.integer({ min: 0, max: 1e15 }).map((ns) => ns / 1e6),
  fc.integer({ min: 0, max: 8_553_600_000 }),
);

/** Any detail, as it is read. */
export const anyDetail: fc.Arbitrary<ErrorDetail> = fc.oneof(
  fc.record({
    type: fc.constant('BadRequest' as const),
    fieldViolations: list(
      fc.record({
        field: text,
        description: text,
        reason: text,
        localizedMessage: fc.option(fc.record({ locale: text, message: text }), { nil: undefined }),
      }),
    ),
  }),
  fc.record({ type: fc.constant('RetryInfo' as const), retryDelay: delay }),
  fc.record({ type: fc.constant('ErrorInfo' as const), reason: text, domain: text, metadata: map }),
  fc.record({ type: fc.constant('DebugInfo' as const), stackEntries: list(text), detail: text }),
  fc.record({
    type: fc.constant('QuotaFailure' as const),
    violations: list(
      fc.record({
        subject: text,
        description: text,
        apiService: text,
        quotaMetric: text,
        quotaId: text,
        quotaDimensions: map,
        quotaValue: int64,
        futureQuotaValue: fc.option(int64, { nil: undefined }),
      }),
    ),
  }),
  fc.record({
    type: fc.constant('PreconditionFailure' as const),
    violations: list(fc.record({ type: text, subject: text, description: text })),
  }),
  fc.record({
    type: fc.constant('ResourceInfo' as const),
    resourceType: text,
    resourceName: text,
    owner: text,
    description: text,
  }),
  fc.record({
    type: fc.constant('Help' as const),
    links: list(fc.record({ description: text, url: text })),
  }),
  fc.record({ type: fc.constant('LocalizedMessage' as const), locale: text, message: text }),
  fc.record({ type: fc.constant('RequestInfo' as const), requestId: text, servingData: text }),
  fc.record({
    type: fc.constant('Any' as const),
    typeUrl: fc.constantFrom('type.googleapis.com/acme.Reason', 'example.com/x/acme.Other'),
    value: fc.uint8Array({ maxLength: 40 }),
  }),
);
