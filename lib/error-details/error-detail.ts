/** Why a quota check failed: what was exceeded, and whose it was. */
export interface QuotaFailure {
  readonly type: 'QuotaFailure';
  readonly violations: readonly QuotaViolation[];
}

/** One of a {@link QuotaFailure}. */
export interface QuotaViolation {
  /** Whose quota it is, such as `clientip:203.0.113.7` or `project:acme`. */
  readonly subject: string;
  /** Words for a developer. */
  readonly description: string;
  /** The service whose quota it is, where it is another one than the error's. */
  readonly apiService: string;
  /** The metric that is limited, such as `compute.googleapis.com/cpus`. */
  readonly quotaMetric: string;
  /** The limit's identifier, unique within the service. */
  readonly quotaId: string;
  /** What the limit depends on, such as `{ region: 'eu' }`. */
  readonly quotaDimensions: { readonly [dimension: string]: string };
  /** The limit when the check failed. */
  readonly quotaValue: bigint;
  /** The limit that is being rolled out, if one is. */
  readonly futureQuotaValue: bigint | undefined;
}

/** What is not as the request needs it, such as terms of service that nobody accepted. */
export interface PreconditionFailure {
  readonly type: 'PreconditionFailure';
  readonly violations: readonly PreconditionViolation[];
}

/** One of a {@link PreconditionFailure}. */
export interface PreconditionViolation {
  /** A word of the service's own, such as `TOS`. */
  readonly type: string;
  /** What failed, such as `example.com/terms`. */
  readonly subject: string;
  /** Words for a developer, on how to mend it. */
  readonly description: string;
}

/** What is wrong with the fields of a request. */
export interface BadRequest {
  readonly type: 'BadRequest';
  readonly fieldViolations: readonly FieldViolation[];
}

/** One of a {@link BadRequest}. */
export interface FieldViolation {
  /** The path of the field, such as `address.lines[0]`. */
  readonly field: string;
  /** Words for a developer. */
  readonly description: string;
  /** A constant for programs, such as `TOO_LONG`. */
  readonly reason: string;
  /** Words for a user. */
  readonly localizedMessage: LocalizedText | undefined;
}

/** When to try again. */
export interface RetryInfo {
  readonly type: 'RetryInfo';
  /** How long to wait, in milliseconds; fractions down to a nanosecond. 0 when the peer left it out. */
  readonly retryDelay: number;
}

/** Why a call failed, for programs: the pair of `domain` and `reason` is what they compare. */
export interface ErrorInfo {
  readonly type: 'ErrorInfo';
  /** A constant, such as `CARD_EXPIRED`. */
  readonly reason: string;
  /** Who coined the reason, such as `payments.example.com`. */
  readonly domain: string;
  /** What else there is to know, such as `{ card: '…4242' }`. */
  readonly metadata: { readonly [key: string]: string };
}

/** For developers; keep it from callers that you do not trust. */
export interface DebugInfo {
  readonly type: 'DebugInfo';
  readonly stackEntries: readonly string[];
  readonly detail: string;
}

/** What to quote when asking for help. */
export interface RequestInfo {
  readonly type: 'RequestInfo';
  readonly requestId: string;
  /** What the service needs to find the request again, such as an encrypted trace. */
  readonly servingData: string;
}

/** The resource that the call was about. */
export interface ResourceInfo {
  readonly type: 'ResourceInfo';
  /** Such as `sql table`, or the name of its message type. */
  readonly resourceType: string;
  readonly resourceName: string;
  readonly owner: string;
  /** What went wrong with it, such as `writer permission needed`. */
  readonly description: string;
}

/** Where to read on. */
export interface Help {
  readonly type: 'Help';
  readonly links: readonly HelpLink[];
}

/** One of a {@link Help}. */
export interface HelpLink {
  readonly description: string;
  readonly url: string;
}

/** Words that may be shown to a user. */
export interface LocalizedMessage extends LocalizedText {
  readonly type: 'LocalizedMessage';
}

/** Words in a user's language. */
export interface LocalizedText {
  /** A BCP 47 language tag, such as `de-CH`. */
  readonly locale: string;
  readonly message: string;
}

/** Any other message, as bytes: one of your own, or one that came and is unknown or damaged. */
export interface AnyDetail {
  readonly type: 'Any';
  /** A host and the message's full name, such as `type.googleapis.com/acme.Reason`. */
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** A detail of an error, told apart by its `type`. */
export type ErrorDetail =
  | BadRequest
  | DebugInfo
  | ErrorInfo
  | Help
  | LocalizedMessage
  | PreconditionFailure
  | QuotaFailure
  | RequestInfo
  | ResourceInfo
  | RetryInfo
  | AnyDetail;

/** The detail of a type, such as `DetailOf<'BadRequest'>`. */
export type DetailOf<Type extends ErrorDetail['type']> = Extract<
  ErrorDetail,
  { readonly type: Type }
>;

/** The types that Google's `error_details.proto` declares, by the names they have there. */
export type StandardType = Exclude<ErrorDetail['type'], 'Any'>;
