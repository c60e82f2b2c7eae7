import { describe, expect, it } from '@jest/globals';
import { Metadata } from '../../lib/metadata/metadata.js';
import { toMetadata } from '../../lib/metadata/to-metadata.js';

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
    'grpc-accept-encoding grpc-foo grpc-trace-bin grpc-status-details-bin :path :authority';
  it.each(reserved.split(' '))('refuses the key %s, which the protocol writes', (key) => {
    const given = new Metadata();
    const value = key.endsWith('-bin') ? Buffer.of(1) : 'x';
    given.set(key, value);
    const words =
      `headers key '${key.toLowerCase()}' is reserved for HTTP/2 and gRPC; ` +
      'expected a key of your own';
    expect(() => toMetadata('headers', { [key]: value })).toThrow(new TypeError(words));
    expect(() => toMetadata('headers', given)).toThrow(new TypeError(words));
  });

  it('takes status details in trailers, one value', () => {
    const details = Buffer.of(8, 5);
    const given = { 'grpc-status-details-bin': details };
    expect(toMetadata('trailers', given).get('grpc-status-details-bin')).toEqual([details]);
    expect(() => toMetadata('trailers', { 'grpc-status-details-bin': [details, details] })).toThrow(
      new TypeError("trailers key 'grpc-status-details-bin' takes one value only, got 2"),
    );
    expect(() => toMetadata('trailers', { 'grpc-status': '5' })).toThrow(TypeError);
  });

  it('refuses several values where HTTP/2 takes one', () => {
    const given = new Metadata();
    given.add('authorization', 'a');
    given.add('authorization', 'b');
    const words = "metadata key 'authorization' takes one value only, got 2";
    for (const init of [given, { Authorization: ['a', 'b'] }]) {
      expect(() => toMetadata('metadata', init)).toThrow(new TypeError(words));
    }
  });

  it('refuses __proto__, which objects would lose', () => {
    const given = new Metadata();
    given.set('__proto__', 'x');
    for (const init of [given, JSON.parse('{ "__proto__": "x" }') as never]) {
      expect(() => toMetadata('metadata', init)).toThrow(/^metadata key '__proto__' is no meta/);
    }
  });

  it('refuses keys and values that headers cannot hold, naming them', () => {
    for (const [init, words] of [
      [
        { 'no spaces': 'x' },
        /^metadata key 'no spaces' is no metadata key; expected letters, digits/,
      ],
      [{ 'a:b': 'x' }, /^metadata key 'a:b' is no metadata key; expected letters, digits/],
      [{ '': 'x' }, /^metadata key '' is no metadata key; expected letters, digits/],
      [
        { umlaut: 'ä' },
        /^metadata 'umlaut' must be printable ASCII \(a key that ends in -bin takes bytes\), got 'ä' \(string\)$/,
      ],
      [{ inject: 'a\r\nb: c' }, /^metadata 'inject' must be printable ASCII/],
      [
        { lead: ' x' },
        /^metadata 'lead' must be text without a space at its beginning or end, got/,
      ],
      [{ trail: ['x', 'x '] }, /^metadata 'trail' must be text without a space at its/],
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
