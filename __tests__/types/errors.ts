/** Type tests of errors, details and metadata: as `surface.ts`, this file only has to compile. */
import {
  type AnyDetail,
  type CallContext,
  type Codec,
  customDetail,
  type DetailOf,
  type ErrorDetail,
  type ErrorDetailInit,
  errorDetails,
  findDetail,
  Metadata,
  RpcError,
  richError,
  Status,
} from 'tributary';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function isTrue<_T extends true>(): void {}

interface Reason {
  why: string;
}
declare const reasons: Codec<Reason, Partial<Reason>>;
declare const caught: unknown;
declare const ctx: CallContext;

export function throwing(): never {
  new RpcError(Status.ABORTED, '', { trailers: { a: ['b', 'c'], 'd-bin': new Uint8Array() } });
  new RpcError(Status.ABORTED, '', { trailers: new Metadata(), cause: caught });
  // @ts-expect-error no metadata value
  new RpcError(Status.ABORTED, '', { trailers: { a: 5 } });
  // @ts-expect-error no such option
  new RpcError(Status.ABORTED, '', { metadata: {} });
  ctx.sendHeaders({ a: 'b' });
  ctx.sendHeaders(new Metadata());

  richError(Status.ABORTED, '', errorDetails(caught), { trailers: { a: 'b' }, cause: caught });
  richError(Status.ABORTED, '', [
    { type: 'BadRequest', fieldViolations: [{ field: 'f', description: 'd' }] },
    { type: 'QuotaFailure', violations: [{ subject: 's', description: 'd', quotaValue: 5 }] },
    { type: 'ErrorInfo', reason: 'R', domain: 'd' },
    { type: 'DebugInfo' },
    { type: 'Any', typeUrl: 'x/y.Z', value: new Uint8Array() },
    customDetail('acme.Reason', {}, reasons),
  ]);
  // @ts-expect-error details are an array
  richError(Status.ABORTED, '', { type: 'DebugInfo' });
  // @ts-expect-error no such type
  richError(Status.ABORTED, '', [{ type: 'BadRequests', fieldViolations: [] }]);
  // @ts-expect-error a field that must be given
  richError(Status.ABORTED, '', [{ type: 'ErrorInfo', reason: 'R' }]);
  // @ts-expect-error a field that must be given, one level down
  richError(Status.ABORTED, '', [{ type: 'BadRequest', fieldViolations: [{ field: 'f' }] }]);
  // @ts-expect-error a field of another type
  richError(Status.ABORTED, '', [{ type: 'Help', violations: [] }]);
  // @ts-expect-error milliseconds are a number
  richError(Status.ABORTED, '', [{ type: 'RetryInfo', retryDelay: '5s' }]);
  // @ts-expect-error the codec takes another message
  customDetail('acme.Reason', { why: 5 }, reasons);
  throw richError(Status.ABORTED, '', []);
}

export function reading(): void {
  for (const detail of errorDetails(caught)) {
    isTrue<Equal<typeof detail, ErrorDetail>>();
    switch (detail.type) {
      case 'BadRequest':
        for (const { field } of detail.fieldViolations) isTrue<Equal<typeof field, string>>();
        break;
      case 'RetryInfo':
        isTrue<Equal<typeof detail.retryDelay, number>>();
        break;
      case 'Any':
        isTrue<Equal<typeof detail, AnyDetail>>();
        break;
      default:
        // @ts-expect-error all of Any's fields are gone
        detail.typeUrl;
    }
  }
  const info = findDetail(caught, 'ErrorInfo');
  isTrue<Equal<typeof info, DetailOf<'ErrorInfo'> | undefined>>();
  const reason = findDetail(caught, 'acme.Reason', reasons);
  isTrue<Equal<typeof reason, Reason | undefined>>();
  // @ts-expect-error no standard type, and no codec
  findDetail(caught, 'acme.Reason');

  // What is read can be sent on.
  const init: ErrorDetailInit[] = errorDetails(caught);
  richError(Status.ABORTED, '', init);
}
