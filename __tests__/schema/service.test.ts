import { describe, expect, it } from '@jest/globals';
import {
  type BidiStream,
  bidiStream,
  bytes,
  type ClientStream,
  type Codec,
  clientStream,
  json,
  type ServerStream,
  type ServiceDescriptor,
  serverStream,
  service,
  type Unary,
  unary,
} from '../../lib/schema/index.js';

interface Ask {
  text: string;
}
interface Answer {
  reply: string;
}
const loose: Codec<bigint, bigint | number> = {
  encode: (value) => Buffer.from(String(value)),
  decode: (data) => BigInt(Buffer.from(data).toString()),
};
const Echo = service('demo.Echo', {
  echo: unary(json<Ask>(), json<Answer>()),
  watch: serverStream(json<Ask>(), bytes),
  upload: clientStream(bytes, loose),
  chat: bidiStream(bytes, bytes, { name: 'chat' }),
});

describe('service', () => {
  it('describes its methods', () => {
    expect(Echo.name).toBe('demo.Echo');
    expect(
      Object.entries(Echo.methods).map(([key, { name, kind, path }]) => [key, name, kind, path]),
    ).toEqual([
      ['echo', 'echo', 'unary', '/demo.Echo/Echo'],
      ['watch', 'watch', 'serverStream', '/demo.Echo/Watch'],
      ['upload', 'upload', 'clientStream', '/demo.Echo/Upload'],
      ['chat', 'chat', 'bidiStream', '/demo.Echo/chat'],
    ]);
    expect(Echo.methods.watch.response).toBe(bytes);
  });

  it('infers all types', () => {
    type Expected = {
      readonly echo: Unary<Ask, Answer>;
      readonly watch: ServerStream<Ask, Uint8Array>;
      readonly upload: ClientStream<Uint8Array, bigint, Uint8Array, bigint | number>;
      readonly chat: BidiStream<Uint8Array, Uint8Array>;
    };
    type Same<A, B> =
      (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
    const same: Same<typeof Echo, ServiceDescriptor<Expected>> = true;
    expect(same).toBe(true);
    // @ts-expect-error: the request of echo has a text
    Echo.methods.echo.request.encode({ reply: 'x' });
  });

  it.each<[string, unknown, unknown, string]>([
    [
      'an empty name',
      '',
      { a: unary(bytes, bytes) },
      "expected a service name such as 'demo.Echo', got '' (string)",
    ],
    ['a path', '/demo.Echo', { a: unary(bytes, bytes) }, 'expected a service name'],
    ['a name that is none', 5, {}, 'got 5 (number)'],
    ['no methods', 'demo.Echo', {}, 'demo.Echo: expected an object of methods, got {}'],
    [
      'methods that are none',
      'demo.Echo',
      undefined,
      'demo.Echo: expected an object of methods, got undefined',
    ],
    [
      'a bare codec',
      'demo.Echo',
      { a: bytes },
      'demo.Echo.a: expected unary(), serverStream(), clientStream() or bidiStream()',
    ],
    ['a missing method', 'demo.Echo', { a: undefined }, 'demo.Echo.a: expected unary()'],
  ])('refuses %s', (_, name, methods, message) => {
    expect(() => service(name as never, methods as never)).toThrow(message);
    expect(() => service(name as never, methods as never)).toThrow(TypeError);
  });

  it('refuses two methods with one name on the wire', () => {
    const twins = { say: unary(bytes, bytes), other: unary(bytes, bytes, { name: 'Say' }) };
    expect(() => service('demo.Echo', twins)).toThrow(
      'demo.Echo: say and other are both /demo.Echo/Say on the wire',
    );
  });

  it('refuses codecs and options that are none', () => {
    expect(() => unary({ encode() {} } as never, bytes)).toThrow(
      'unary: the request codec to have a function decode',
    );
    expect(() => bidiStream(bytes, undefined as never)).toThrow(
      'bidiStream: the response codec to have a function encode, got undefined',
    );
    expect(() => unary(bytes, bytes, { names: 'x' } as never)).toThrow(
      'unary: unknown option names; there are name and comment',
    );
    expect(() => unary(bytes, bytes, { name: 'a/b' })).toThrow(
      "unary: expected name to be a method name, got 'a/b' (string)",
    );
  });
});
