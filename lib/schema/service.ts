import { describeValue } from '../base/describe-value.js';
import type { MethodDefinition } from './method-definitions.js';
import type { MethodDescriptor } from './method-descriptor.js';
import type { MethodKind } from './method-kind.js';
import type { ServiceDescriptor } from './service-descriptor.js';

/** Definitions of methods, keyed by the names they have on stubs and handlers. */
export type MethodDefinitions<Definitions> = {
  readonly [Name in keyof Definitions]: MethodDefinition<
    MethodKind,
    unknown,
    unknown,
    never,
    never
  >;
};

/** The descriptors that {@link service} makes of definitions. */
export type DefinedMethods<Definitions> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends MethodDefinition<
    infer Kind,
    infer Req,
    infer Res,
    infer ReqInput,
    infer ResInput
  >
    ? MethodDescriptor<Kind, Req, Res, ReqInput, ResInput>
    : never;
};

/**
 * A service written by hand, with any codec per method and no `.proto`:
 *
 * ```ts
 * const Echo = service('demo.Echo', {
 *   echo: unary(json<Ask>(), json<Answer>()),
 *   watch: serverStream(json<Ask>(), bytes, { name: 'watch' }),   // Dubbo's names are lowerCamel
 * });
 * ```
 * @param name - the full name with its package
 * @throws TypeError when the name is none, when there is no method, or when one is not made with
 *   `unary`, `serverStream`, `clientStream` or `bidiStream`; Error when two have one name on the wire
 */
export function service<Definitions extends MethodDefinitions<Definitions>>(
  name: string,
  methods: Definitions,
): ServiceDescriptor<DefinedMethods<Definitions>> {
  if (typeof name !== 'string' || !/^[\w$-]+(\.[\w$-]+)*$/.test(name)) {
    throw new TypeError(`expected a service name such as 'demo.Echo', got ${describeValue(name)}`);
  }
  if (typeof methods !== 'object' || methods === null || Object.keys(methods).length === 0) {
    throw new TypeError(`${name}: expected an object of methods, got ${describeValue(methods)}`);
  }
  const paths = new Map<string, string>();
  const described = Object.entries<MethodDefinition<MethodKind, unknown, unknown, never, never>>(
    methods,
  ).map(([key, definition]) => {
    const method = describe(name, key, definition);
    const other = paths.get(method.path);
    if (other !== undefined)
      throw new Error(`${name}: ${other} and ${key} are both ${method.path} on the wire`);
    paths.set(method.path, key);
    return [key, method];
  });
  return Object.freeze({
    name,
    methods: Object.freeze(Object.fromEntries(described)) as DefinedMethods<Definitions>,
  });
}

function describe(service: string, key: string, definition: unknown): { readonly path: string } {
  const { kind, request, response, wireName } = (definition ?? {}) as Partial<
    MethodDefinition<MethodKind, unknown, unknown, never, never>
  >;
  if (kind === undefined || request === undefined || response === undefined) {
    throw new TypeError(
      `${service}.${key}: expected unary(), serverStream(), clientStream() or bidiStream(), got ${describeValue(definition)}`,
    );
  }
  const path = `/${service}/${wireName ?? key.charAt(0).toUpperCase() + key.slice(1)}`;
  return Object.freeze({ kind, name: key, path, request, response });
}
