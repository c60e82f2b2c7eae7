import { describe, expect, it } from '@jest/globals';
import { Metadata, toMetadata } from '../../lib/context/metadata.js';

describe('toMetadata', () => {
  it('makes none of nothing', () => {
    expect(toMetadata('metadata', undefined).getMap()).toEqual({});
    expect(toMetadata('metadata', {}).getMap()).toEqual({});
  });

  it('takes text, several values as an array, and skips what is undefined', () => {
    const metadata = toMetadata('metadata', {
      one: '1',
      many: ['a', 'b'],
      none: [],
      unset: undefined,
      empty: '',
    });
    expect(metadata.get('one')).toEqual(['1']);
    expect(metadata.get('many')).toEqual(['a', 'b']);
    expect(metadata.get('empty')).toEqual(['']);
    expect(Object.keys(metadata.getMap()).toSorted()).toEqual(['empty', 'many', 'one']);
  });

  it('takes keys in any case', () => {
    expect(toMetadata('metadata', { 'X-Trace': 't' }).get('x-trace')).toEqual(['t']);
  });

  it('takes bytes for keys in -bin, copied', () => {
    const bytes = Uint8Array.of(0, 255);
    const metadata = toMetadata('metadata', { 'a-bin': bytes, 'B-Bin': [bytes, Buffer.of(1)] });
    bytes[0] = 7;
    expect(metadata.get('a-bin')).toEqual([Buffer.of(0, 255)]);
    expect(metadata.get('b-bin')).toEqual([Buffer.of(0, 255), Buffer.of(1)]);
  });

  it('copies a Metadata', () => {
    const given = new Metadata();
    given.add('k', 'v');
    given.add('k-bin', Buffer.of(1));
    const copy = toMetadata('metadata', given);
    given.set('k', 'changed');
    given.remove('k-bin');
    expect(copy).not.toBe(given);
    expect(copy.get('k')).toEqual(['v']);
    expect(copy.get('k-bin')).toEqual([Buffer.of(1)]);
  });

  it('copies the Metadata of another copy of grpc-js', () => {
    const inner = new Metadata();
    inner.set('k', 'v');
    const foreign = {
      toHttp2Headers: () => ({}),
      getMap: () => inner.getMap(),
      get: (key: string) => inner.get(key),
      clone: () => inner.clone(),
    } as unknown as Metadata;
    expect(toMetadata('metadata', foreign).get('k')).toEqual(['v']);
  });

  const reserved =
    'connection keep-alive proxy-connection transfer-encoding upgrade http2-settings host te ' +
    'content-type Content-Length grpc-status grpc-message grpc-timeout grpc-encoding ' +
    'grpc-accept-encoding :path';
  it.each(reserved.split(' '))('refuses the key %s, which the protocol writes', (key) => {
    const given = new Metadata();
    given.set(key, 'x');
    const words = `trailers key '${key.toLowerCase()}' is reserved for HTTP/2 and gRPC`;
    expect(() => toMetadata('trailers', { [key]: 'x' })).toThrow(new TypeError(words));
    expect(() => toMetadata('trailers', given)).toThrow(new TypeError(words));
  });

  it('refuses keys and values that headers cannot hold, naming them', () => {
    for (const [init, words] of [
      [{ 'no spaces': 'x' }, /^metadata 'no spaces': .*illegal/],
      [{ '': 'x' }, /^metadata '': /],
      [{ umlaut: 'ä' }, /^metadata 'umlaut': .*illegal/],
      [{ inject: 'a\r\nb: c' }, /^metadata 'inject': .*illegal/s],
      [{ k: 5 }, /^metadata 'k' must be a string, got 5 \(number\)$/],
      [{ k: null }, /^metadata 'k' must be a string, got null$/],
      [{ k: ['a', 5n] }, /^metadata 'k' must be a string, got 5n$/],
      [{ k: Buffer.of(1) }, /^metadata 'k' must be a string, got a Buffer$/],
      [
        { 'k-bin': 'text' },
        /^metadata 'k-bin' must be bytes \(Uint8Array\), as its key ends in -bin, got 'text' \(string\)$/,
      ],
    ] as [never, RegExp][]) {
      const act = (): Metadata => toMetadata('metadata', init);
      expect(act).toThrow(TypeError);
      expect(act).toThrow(words);
    }
  });

  it('refuses what holds no metadata at all', () => {
    for (const [init, got] of [
      [null, 'null'],
      ['k=v', "'k=v' (string)"],
      [[['k', 'v']], 'an array of 1'],
      [new Map([['k', 'v']]), 'a Map'],
      [new Headers({ k: 'v' }), 'a Headers'],
    ] as [never, string][]) {
      expect(() => toMetadata('metadata', init)).toThrow(
        new TypeError(`metadata must be a Metadata or a plain object, got ${got}`),
      );
    }
  });
});
