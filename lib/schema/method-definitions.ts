import { describeValue } from '../base/describe-value.js';
import type { Codec } from './codec.js';
import type { MethodKind } from './method-kind.js';

/** A method of a service written by hand, before the service gives it its name and path. */
export interface MethodDefinition<
  Kind extends MethodKind,
  Req,
  Res,
  ReqInput = Req,
  ResInput = Res,
> {
  readonly kind: Kind;
  readonly request: Codec<Req, ReqInput>;
  readonly response: Codec<Res, ResInput>;
  /** The name on the wire, where it is not the UpperCamel of the key. */
  readonly wireName: string | undefined;
  /** What a `.proto` says of it. */
  readonly comment: string | undefined;
}

/** What can be said of a method besides its codecs. */
export interface MethodOptions {
  /** Its name on the wire; by default the key with a capital, as gRPC has it: `sayHello` is `SayHello`. */
  name?: string;
  /** What the `.proto` of a service declared in code says of it. */
  comment?: string;
}

/** One request, one reply. @throws TypeError when a codec is none, or an option is unknown. */
export function unary<Req, Res, ReqInput = Req, ResInput = Res>(
  request: Codec<Req, ReqInput>,
  response: Codec<Res, ResInput>,
  options?: MethodOptions,
): MethodDefinition<'unary', Req, Res, ReqInput, ResInput> {
  return define('unary', request, response, options);
}

/** One request, a stream of replies. @throws TypeError as {@link unary} does. */
export function serverStream<Req, Res, ReqInput = Req, ResInput = Res>(
  request: Codec<Req, ReqInput>,
  response: Codec<Res, ResInput>,
  options?: MethodOptions,
): MethodDefinition<'serverStream', Req, Res, ReqInput, ResInput> {
  return define('serverStream', request, response, options);
}

/** A stream of requests, one reply. @throws TypeError as {@link unary} does. */
export function clientStream<Req, Res, ReqInput = Req, ResInput = Res>(
  request: Codec<Req, ReqInput>,
  response: Codec<Res, ResInput>,
  options?: MethodOptions,
): MethodDefinition<'clientStream', Req, Res, ReqInput, ResInput> {
  return define('clientStream', request, response, options);
}

/** A stream each way; `biStream` is another name of it. @throws TypeError as {@link unary} does. */
export function bidiStream<Req, Res, ReqInput = Req, ResInput = Res>(
  request: Codec<Req, ReqInput>,
  response: Codec<Res, ResInput>,
  options?: MethodOptions,
): MethodDefinition<'bidiStream', Req, Res, ReqInput, ResInput> {
  return define('bidiStream', request, response, options);
}

function define<Kind extends MethodKind, Req, Res, ReqInput, ResInput>(
  kind: Kind,
  request: Codec<Req, ReqInput>,
  response: Codec<Res, ResInput>,
  options: MethodOptions = {},
): MethodDefinition<Kind, Req, Res, ReqInput, ResInput> {
  expectCodec(request, `${kind}: the request codec`);
  expectCodec(response, `${kind}: the response codec`);
  for (const key of Object.keys(options)) {
    if (key !== 'name' && key !== 'comment') {
      throw new TypeError(`${kind}: unknown option ${key}; there are name and comment`);
    }
  }
  const { name, comment } = options;
  if (name !== undefined && (typeof name !== 'string' || !/^[^/\s]+$/.test(name))) {
    throw new TypeError(`${kind}: expected name to be a method name, got ${describeValue(name)}`);
  }
  return { kind, request, response, wireName: name, comment };
}

function expectCodec(value: unknown, what: string): void {
  const codec = value as Partial<Codec<unknown>> | null | undefined;
  for (const part of ['encode', 'decode'] as const) {
    if (typeof codec?.[part] === 'function') continue;
    throw new TypeError(`expected ${what} to have a function ${part}, got ${describeValue(value)}`);
  }
}
