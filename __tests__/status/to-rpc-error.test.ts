import { describe, expect, it } from '@jest/globals';
import { RpcError } from '../../lib/status/rpc-error.js';
import { Status } from '../../lib/status/status.js';
import { isAbort, toRpcError } from '../../lib/status/to-rpc-error.js';

describe('toRpcError', () => {
  it('leaves an RpcError as it is', () => {
    const error = new RpcError(Status.DATA_LOSS);
    expect(toRpcError(error)).toBe(error);
  });

  it('makes UNKNOWN of anything else, with its words and itself as the cause', () => {
    const bare = Object.create(null) as object;
    const cases: [unknown, string][] = [
      [new TypeError('boom'), 'boom'],
      ['boom', 'boom'],
      [undefined, 'undefined'],
      [null, 'null'],
      [5n, '5'],
      [Symbol('s'), 'Symbol(s)'],
      [{ reason: 'x' }, '{ reason }'],
      [{ message: 5 }, '{ message }'],
      [bare, '{}'],
    ];
    for (const [thrown, details] of cases) {
      const error = toRpcError(thrown);
      expect(error).toMatchObject({ code: Status.UNKNOWN, details });
      expect(error.cause).toBe(thrown);
    }
  });

  it('makes CANCELLED of an abort', () => {
    const { reason } = AbortSignal.abort() as { reason: Error };
    expect(toRpcError(reason)).toMatchObject({
      code: Status.CANCELLED,
      details: 'This operation was aborted',
      cause: reason,
    });
    expect(isAbort(Object.assign(new Error(), { name: 'AbortError' }))).toBe(true);
    for (const other of [new Error('AbortError'), 'AbortError', null, undefined, {}]) {
      expect(isAbort(other)).toBe(false);
    }
  });
});
