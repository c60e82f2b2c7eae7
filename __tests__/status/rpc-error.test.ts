import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it, jest } from '@jest/globals';
import { RpcError, receivedError } from '../../lib/status/rpc-error.js';
import { Status, statusName } from '../../lib/status/status.js';

describe('Status', () => {
  it('has the seventeen codes of gRPC, in their order', () => {
    expect(Object.values(Status)).toEqual(Array.from({ length: 17 }, (_, code) => code));
    for (const [name, code] of Object.entries(Status)) expect(statusName(code)).toBe(name);
  });

  it('names no other code', () => {
    for (const code of [-1, 17, 1.5, NaN, Infinity, '5', 'length', 'map', undefined]) {
      expect(statusName(code as number)).toBeUndefined();
    }
  });
});

describe('RpcError', () => {
  it('is an Error with code, details and a message of both', () => {
    const error = new RpcError(Status.NOT_FOUND, 'no such place');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: 5, details: 'no such place' });
    expect(error.message).toBe('NOT_FOUND: no such place');
    expect(String(error)).toBe('RpcError: NOT_FOUND: no such place');
    expect(error.stack).toContain('rpc-error.test');
  });

  it('has the name of its code for a message when there are no details', () => {
    expect(new RpcError(Status.ABORTED)).toMatchObject({ message: 'ABORTED', details: '' });
  });

  it('takes every code but OK', () => {
    for (let code = 1; code <= 16; code += 1) expect(new RpcError(code).code).toBe(code);
    for (const [code, got] of [
      [0, '0 (number)'],
      [-0, '0 (number)'],
      [17, '17 (number)'],
      [-1, '-1 (number)'],
      [2.5, '2.5 (number)'],
      [NaN, 'NaN (number)'],
      ['5', "'5' (string)"],
      ['length', "'length' (string)"],
      [undefined, 'undefined'],
      [5n, '5n'],
    ] as [number, string][]) {
      expect(() => new RpcError(code)).toThrow(
        new RangeError(`RpcError code must be a status code from 1 to 16, got ${got}`),
      );
    }
  });

  it('takes only text for details', () => {
    for (const [details, got] of [
      [new Error('no text'), 'an Error'],
      [null, 'null'],
      [5, '5 (number)'],
    ] as [never, string][]) {
      expect(() => new RpcError(Status.UNKNOWN, details)).toThrow(
        new TypeError(`RpcError details must be a string, got ${got}`),
      );
    }
  });

  it('has a cause only when it is given one', () => {
    const cause = new Error('why');
    expect(new RpcError(Status.UNKNOWN, '', { cause }).cause).toBe(cause);
    expect('cause' in new RpcError(Status.UNKNOWN, '', { cause: undefined })).toBe(true);
    expect('cause' in new RpcError(Status.UNKNOWN)).toBe(false);
  });

  it('has trailers, empty ones if none came, always the same', () => {
    const error = new RpcError(Status.UNKNOWN, '', { trailers: undefined });
    error.trailers.set('k', 'v');
    expect(error.trailers.getMap()).toEqual({ k: 'v' });
    expect(new RpcError(Status.UNKNOWN).trailers.getMap()).toEqual({});
  });

  it('takes trailers as a plain object or a Metadata, copied', () => {
    const given = new Metadata();
    given.add('k', 'v');
    for (const trailers of [{ k: 'v' }, given]) {
      const error = new RpcError(Status.UNKNOWN, '', { trailers });
      given.set('k', 'changed');
      expect(error.trailers).toBeInstanceOf(Metadata);
      expect(error.trailers).toBe(error.trailers);
      expect(error.trailers.get('k')).toEqual(['v']);
      given.set('k', 'v');
    }
  });

  it('refuses trailers that could not travel, and takes status details', () => {
    const bad = new Metadata();
    bad.set('grpc-status', '0');
    for (const [trailers, words] of [
      [bad, /^trailers key 'grpc-status' is reserved/],
      [{ ':path': '/' }, /^trailers key ':path' is reserved/],
      [{ text: 'ä' }, /^trailers 'text' must be printable ASCII/],
      ['k=v', /^trailers must be a Metadata or a plain object, got 'k=v' \(string\)$/],
      [null, /^trailers must be a Metadata or a plain object, got null$/],
    ] as [never, RegExp][]) {
      const act = (): RpcError => new RpcError(Status.UNKNOWN, '', { trailers });
      expect(act).toThrow(TypeError);
      expect(act).toThrow(words);
    }
    const much = { trailers: { 'much-bin': new Uint8Array(40_000) } };
    expect(() => new RpcError(Status.UNKNOWN, '', much)).toThrow(RangeError);
    const trailers = { 'grpc-status-details-bin': Uint8Array.of(8, 5) };
    const { trailers: copied } = new RpcError(Status.NOT_FOUND, '', { trailers });
    expect(copied.get('grpc-status-details-bin')).toEqual([Buffer.of(8, 5)]);
  });

  it('takes the trailers of a peer as they are', () => {
    const trailers = new Metadata();
    trailers.set('grpc-odd', 'x');
    const error = receivedError(Status.ABORTED, 'why', { trailers, cause: 'c' });
    expect(error.trailers).toBe(trailers);
    expect(error).toMatchObject({ code: Status.ABORTED, details: 'why', cause: 'c' });
    expect('cause' in receivedError(Status.ABORTED, '', {})).toBe(false);
  });

  it('is known across copies of the library, and not by its looks', async () => {
    jest.resetModules();
    const copy = await import('../../lib/status/rpc-error.js');
    expect(copy.RpcError).not.toBe(RpcError);
    const foreign = new copy.RpcError(Status.INTERNAL, 'of the other copy');
    expect(foreign).not.toBeInstanceOf(RpcError);
    expect(RpcError.is(foreign)).toBe(true);
    expect(copy.RpcError.is(new RpcError(Status.INTERNAL))).toBe(true);
    expect(RpcError.is(new (class Mine extends RpcError {})(Status.INTERNAL))).toBe(true);
    const lookalike = Object.assign(new Error('x'), { name: 'RpcError', code: 5, details: 'x' });
    for (const other of [lookalike, null, undefined, 'RpcError', 5, RpcError, {}]) {
      expect(RpcError.is(other)).toBe(false);
    }
  });

  it('keeps its brand to itself', () => {
    expect(Object.keys(new RpcError(Status.INTERNAL, 'x'))).toEqual(['code', 'details']);
  });
});
