import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkOptions } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import { methodName } from '../schema/local-name.js';
import type { MethodDefinition } from '../schema/method-definitions.js';
import type { MethodKind } from '../schema/method-kind.js';
import { type DefinedMethods, type MethodDefinitions, service } from '../schema/service.js';
import type { ServiceDescriptor } from '../schema/service-descriptor.js';
import { CODE_FIRST, type CodeFirst } from './code-first.js';
import { groupOf, joinGroup } from './code-groups.js';
import { checkComment } from './comment.js';
import type { MessageSpec, MethodSpec, ServiceSpec } from './declarations.js';
import { specOf } from './message-type.js';
import { IDENTIFIER } from './proto-name.js';
import { checkServiceName } from './type-name.js';

/** What can be said of a service besides its methods. */
export interface DefineServiceOptions {
  readonly comment?: string | undefined;
  /**
   * The directory that `tributary proto` prints to, a `file:` URL or a path from the working directory.
   * Where messages leave numbers out, those of the files there count; they are read when a message is
   * first encoded or decoded, and must be there then.
   */
  readonly protos?: string | URL | undefined;
}

/**
 * A service declared in code, with messages made by `message`. The types of its stubs and handlers are
 * inferred, and `tributary proto` prints its `.proto`.
 *
 * ```ts
 * const Questions = defineService('app.v1.Questions', {
 *   ask: bidiStream(Question, Answer),
 * });
 * ```
 * Fields without a number get the one in the files of `protos`; a new field gets the next that was never
 * used. Without `protos` fields are numbered in their order: then a field that is put in between or taken
 * out changes the numbers of others, and with them the wire.
 *
 * @param name - the full name with its package, which messages without one get, too
 * @throws {TypeError} naming what does not fit: a name, a method, a type of another codec, or two things
 *   of one name
 */
export function defineService<Definitions extends MethodDefinitions<Definitions>>(
  name: string,
  methods: Definitions,
  options: DefineServiceOptions = {},
): ServiceDescriptor<DefinedMethods<Definitions>> {
  checkServiceName('defineService()', name);
  checkOptions(`defineService('${name}')`, options, ['comment', 'protos']);
  checkComment(`the comment of ${name}`, options.comment);
  const described = service(name, methods);
  const spec = serviceSpec(name, methods, options.comment);
  joinGroup(spec, directory(options.protos));
  const codeFirst: CodeFirst = { group: () => groupOf(spec) };
  return Object.freeze({
    ...described,
    get schema() {
      return groupOf(spec).schema;
    },
    [CODE_FIRST]: codeFirst,
  });
}

type AnyDefinition = MethodDefinition<MethodKind, unknown, unknown, never, never>;

function serviceSpec(name: string, methods: object, comment: string | undefined): ServiceSpec {
  const definitions = Object.entries<AnyDefinition>(methods as { [name: string]: AnyDefinition });
  const specs = definitions.map(([key, { kind, request, response, wireName, comment }]) => {
    const method: MethodSpec = {
      name: wireName ?? key.charAt(0).toUpperCase() + key.slice(1),
      kind,
      request: messageSpec(`${name}.${key}`, request),
      response: messageSpec(`${name}.${key}`, response),
      comment,
    };
    if (!IDENTIFIER.test(method.name)) {
      throw new TypeError(`${name}: '${method.name}' cannot be the name of a method in a .proto`);
    }
    checkComment(`the comment of ${name}.${key}`, comment);
    return method;
  });
  refuseCollisions(name, specs);
  return { name, methods: specs, comment };
}

/** What is printed is to be loaded again, here and elsewhere. */
function refuseCollisions(service: string, methods: readonly MethodSpec[]): void {
  const names = new Map<string, string>();
  for (const { name } of methods) {
    const other = names.get(methodName(name));
    if (other !== undefined) {
      throw new TypeError(`${service}: ${other} and ${name} are both ${methodName(name)} on stubs`);
    }
    names.set(methodName(name), name);
  }
}

function messageSpec(owner: string, codec: unknown): MessageSpec {
  const spec = specOf(codec);
  if (spec !== undefined) return spec;
  throw new TypeError(`${owner} takes messages made by message(), got ${describeValue(codec)}`);
}

function directory(protos: unknown): string | undefined {
  if (protos === undefined) return undefined;
  if (typeof protos === 'string' && protos !== '') return resolve(protos);
  if (protos instanceof URL && protos.protocol === 'file:') return resolve(fileURLToPath(protos));
  throw new TypeError(`protos must be a path or a file: URL, got ${describeValue(protos)}`);
}
