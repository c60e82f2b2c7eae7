import { describe, expect, it } from '@jest/globals';
import {
  customDetail,
  type ErrorDetailInit,
  errorDetails,
  findDetail,
  json,
  Metadata,
  RpcError,
  richError,
  Status,
} from 'tributary';

const KEY = 'grpc-status-details-bin';
const help: ErrorDetailInit = { type: 'Help', links: [{ description: 'd', url: 'u' }] };

function failing(details: unknown, code: unknown = Status.ABORTED): () => RpcError {
  return () => richError(code as number, 'x', details as ErrorDetailInit[]);
}

describe('richError', () => {
  it('is an RpcError whose stack begins where it was made', () => {
    const cause = new Error('why');
    const error = richError(Status.ABORTED, 'enough', [help], { cause });
    expect(RpcError.is(error)).toBe(true);
    expect(error).toMatchObject({ code: Status.ABORTED, details: 'enough', cause });
    expect(error.stack).toMatch(/^RpcError: ABORTED: enough\n.*rich-error\.test/);
    expect('cause' in richError(Status.ABORTED, '', [])).toBe(false);
  });

  it('fills in what is left out', () => {
    const error = richError(Status.RESOURCE_EXHAUSTED, '', [
      { type: 'ErrorInfo', reason: 'R', domain: 'd' },
      { type: 'BadRequest', fieldViolations: [{ field: 'f', description: 'd' }] },
      { type: 'QuotaFailure', violations: [{ subject: 's', description: 'd', quotaValue: 5 }] },
      { type: 'DebugInfo', detail: 'd' },
      { type: 'ResourceInfo', resourceType: 't', resourceName: 'n' },
      { type: 'RequestInfo', requestId: 'r' },
    ]);
    expect(errorDetails(error)).toEqual([
      { type: 'ErrorInfo', reason: 'R', domain: 'd', metadata: {} },
      { type: 'BadRequest', fieldViolations: [{ field: 'f', description: 'd', reason: '' }] },
      {
        type: 'QuotaFailure',
        violations: [
          {
            subject: 's',
            description: 'd',
            apiService: '',
            quotaMetric: '',
            quotaId: '',
            quotaDimensions: {},
            quotaValue: 5n,
          },
        ],
      },
      { type: 'DebugInfo', stackEntries: [], detail: 'd' },
      { type: 'ResourceInfo', resourceType: 't', resourceName: 'n', owner: '', description: '' },
      { type: 'RequestInfo', requestId: 'r', servingData: '' },
    ]);
  });

  it('takes further trailers, and replaces details among them', () => {
    const trailers = new Metadata();
    trailers.set('k', 'v');
    trailers.set(KEY, Buffer.of(1, 2, 3));
    const error = richError(Status.ABORTED, '', [help], { trailers });
    expect(error.trailers.get('k')).toEqual(['v']);
    expect(errorDetails(error)).toEqual([help]);
    expect(trailers.get(KEY)).toEqual([Buffer.of(1, 2, 3)]);
  });

  it('takes a message that no wire could carry as the RpcError does', () => {
    expect(errorDetails(richError(Status.ABORTED, 'half \ud83d', [help]))).toEqual([help]);
  });

  it('says at once what is wrong with a detail', () => {
    const types =
      'one of BadRequest, DebugInfo, ErrorInfo, Help, LocalizedMessage, PreconditionFailure, ' +
      'QuotaFailure, RequestInfo, ResourceInfo, RetryInfo, Any';
    for (const [details, words] of [
      [help, 'richError details must be an array, got { type, links }'],
      [[{}], `richError details[0] must have a type, ${types}; got {}`],
      [[help, null], `richError details[1] must have a type, ${types}; got null`],
      [[{ type: 'Halp' }], `richError details[0] must have a type, ${types}; got 'Halp' (string)`],
      [
        [{ type: 'RetryInfo', retryDelay: '5s' }],
        "google.rpc.RetryInfo.retryDelay must be a number of milliseconds, got '5s' (string)",
      ],
      [
        [{ type: 'Help', links: [], link: 'x' }],
        'google.rpc.Help.link: no such field; expected one of links',
      ],
      [
        [{ type: 'Help', links: [{ uri: 'x' }] }],
        'google.rpc.Help.links.uri: no such field; expected one of description, url',
      ],
      [
        [{ type: 'Any', typeUrl: 'acme.Reason', value: new Uint8Array() }],
        "richError details[0].typeUrl must be a host and a full name, such as 'type.googleapis.com/acme.Reason', got 'acme.Reason' (string)",
      ],
    ] as [unknown, string][]) {
      expect(failing(details)).toThrow(new TypeError(words));
    }
    expect(failing([{ type: 'ErrorInfo', reason: 5 }])).toThrow(
      /^google\.rpc\.ErrorInfo\.reason: /,
    );
    expect(failing([{ type: 'Any', typeUrl: 'x/a.B', value: 'text' }])).toThrow(
      /^google\.rpc\.Status\.details\[0\]\.value: /,
    );
    expect(failing([{ type: 'RetryInfo', retryDelay: -1 }])).toThrow(RangeError);
    expect(failing([], 0)).toThrow(RangeError);
    expect(failing([], 'x')).toThrow(RangeError);
    expect(() => richError(Status.ABORTED, 5 as never, [])).toThrow(TypeError);
  });

  it('refuses details that are too much for trailers', () => {
    const much = (length: number): ErrorDetailInit[] => [
      { type: 'DebugInfo', detail: 'x'.repeat(length) },
    ];
    expect(failing(much(40_000))).toThrow(
      /^richError details must be 32768 bytes or less with their message, got 40\d\d\d$/,
    );
    expect(failing(much(32_690))).toThrow(/^trailers must be 32768 bytes or less/);
    expect(failing(much(32_600))).not.toThrow();
    const trailers = { 'other-bin': new Uint8Array(30_000) };
    expect(() => richError(Status.ABORTED, '', much(5_000), { trailers })).toThrow(RangeError);
  });
});

describe('errorDetails', () => {
  const error = richError(Status.ABORTED, '', [help]);
  const { code, details, trailers } = error;

  it('reads errors, statuses, trailers and the errors of grpc-js', () => {
    for (const source of [
      error,
      { code, details, trailers },
      trailers,
      Object.assign(new Error(), { code, details, metadata: trailers }),
    ]) {
      expect(errorDetails(source)).toEqual([help]);
      expect(findDetail(source, 'Help')).toEqual(help);
    }
  });

  it('finds none in anything else', () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
      },
    );
    for (const source of [null, undefined, 5, 'x', {}, new Error('x'), new RpcError(5), hostile]) {
      expect(errorDetails(source)).toEqual([]);
      expect(findDetail(source, 'Help')).toBeUndefined();
    }
  });
});

describe('customDetail and findDetail', () => {
  const reasons = json<{ why: string }>();

  it('carry a message of your own', () => {
    const detail = customDetail('acme.Reason', { why: 'because' }, reasons);
    expect(detail.typeUrl).toBe('type.googleapis.com/acme.Reason');
    const error = richError(Status.ABORTED, '', [help, detail]);
    expect(findDetail(error, 'acme.Reason', reasons)).toEqual({ why: 'because' });
    expect(findDetail(error, 'example.com/acme.Reason', reasons)).toEqual({ why: 'because' });
    expect(findDetail(error, 'acme.Other', reasons)).toBeUndefined();
    expect(errorDetails(error)).toEqual([help, { ...detail, value: expect.any(Uint8Array) }]);
    expect(customDetail('my.host/acme.Reason', { why: '' }, reasons).typeUrl).toBe(
      'my.host/acme.Reason',
    );
  });

  it('pass over a message that the codec does not take', () => {
    const broken = { type: 'Any', typeUrl: 'x/acme.Reason', value: Uint8Array.of(1) } as const;
    const sound = customDetail('acme.Reason', { why: 'b' }, reasons);
    expect(findDetail(richError(5, '', [broken]), 'acme.Reason', reasons)).toBeUndefined();
    expect(findDetail(richError(5, '', [broken, sound]), 'acme.Reason', reasons)).toEqual({
      why: 'b',
    });
  });

  it('find the first of several', () => {
    const error = richError(Status.ABORTED, '', [
      { type: 'RetryInfo', retryDelay: 1 },
      { type: 'RetryInfo', retryDelay: 2 },
    ]);
    expect(findDetail(error, 'RetryInfo')).toEqual({ type: 'RetryInfo', retryDelay: 1 });
  });

  it('say what is wrong with their arguments', () => {
    const anything = undefined as never;
    for (const act of [
      () => findDetail(anything, 'Halp' as never),
      () => findDetail(anything, 'Any' as never),
      () => findDetail(anything, anything),
      () => findDetail(anything, 5 as never, reasons),
      () => findDetail(anything, 'acme.Reason', {} as never),
      () => findDetail(anything, 'acme.Reason', null as never),
      () => customDetail('two words', {}, reasons as never),
      () => customDetail(anything, {}, reasons as never),
      () => customDetail('acme.Reason', {}, anything),
    ]) {
      expect(act).toThrow(TypeError);
      expect(act).toThrow(/^(findDetail|customDetail) .* must be .*got /);
    }
  });
});
