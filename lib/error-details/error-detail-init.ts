import type {
  AnyDetail,
  DetailOf,
  FieldViolation,
  HelpLink,
  LocalizedMessage,
  PreconditionViolation,
  QuotaViolation,
  RetryInfo,
} from './error-detail.js';

/** `T` of which only some fields must be given. */
type Needs<T, Required extends keyof T> = Pick<T, Required> & {
  readonly [Key in Exclude<keyof T, Required>]?: T[Key] | undefined;
};

type QuotaViolationInit = Needs<
  Omit<QuotaViolation, 'quotaValue' | 'futureQuotaValue'>,
  'subject' | 'description'
> & {
  readonly quotaValue?: bigint | number | undefined;
  readonly futureQuotaValue?: bigint | number | undefined;
};

interface Lists {
  readonly BadRequest: {
    readonly fieldViolations: readonly Needs<FieldViolation, 'field' | 'description'>[];
  };
  readonly Help: { readonly links: readonly HelpLink[] };
  readonly PreconditionFailure: { readonly violations: readonly PreconditionViolation[] };
  readonly QuotaFailure: { readonly violations: readonly QuotaViolationInit[] };
}

/** A detail as it is given to `richError`: as it will be read, with less to fill in. */
export type ErrorDetailInit =
  | { readonly [Type in keyof Lists]: { readonly type: Type } & Lists[Type] }[keyof Lists]
  | Needs<DetailOf<'DebugInfo'>, 'type'>
  | Needs<DetailOf<'ErrorInfo'>, 'type' | 'reason' | 'domain'>
  | Needs<DetailOf<'RequestInfo'>, 'type' | 'requestId'>
  | Needs<DetailOf<'ResourceInfo'>, 'type' | 'resourceType' | 'resourceName'>
  | LocalizedMessage
  | RetryInfo
  | AnyDetail;
