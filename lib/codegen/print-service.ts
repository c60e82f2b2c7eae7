import type protobuf from 'protobufjs';
import { methodName } from '../schema/local-name.js';
import { methodKind } from '../schema/method-kind.js';
import { fullName } from '../schema/wire/message-shape.js';
import { fitArguments, fitList, quote } from './layout.js';
import type { ModuleScope } from './module-scope.js';
import { printComment } from './print-comment.js';

/** A service: the types of its methods, and the constant that stubs and servers take. */
export function printService(service: protobuf.Service, scope: ModuleScope): string {
  const { names } = scope.module;
  const name = names.of(service);
  const methods = names.derived(service, 'Methods');
  const comment = printComment(service.comment, { deprecated: service.options?.deprecated });
  const types = service.methodsArray.map((method) => methodType(method, scope));
  const definitions = service.methodsArray.map((method) => definition(method, scope));
  const descriptor = scope.library('type', 'ServiceDescriptor');
  const typed =
    types.length === 0
      ? `export type ${methods} = Record<never, never>;`
      : `export interface ${methods} {\n${types.join('\n')}\n}`;
  return `/** The methods of {@link ${name}}. */
${typed}

${comment}${constant(
  `export const ${name}: ${descriptor}<${methods}> = ${names.file}.service(`,
  quote(fullName(service)),
  definitions,
)}`;
}

function constant(head: string, name: string, definitions: readonly string[]): string {
  if (definitions.length === 0) return fitList(head, [name, '{}'], ');');
  const lines = (indent: string) =>
    definitions.map((text) => text.replace(/^/gm, indent)).join('\n');
  if (`${head}${name}, {`.length <= 100) return `${head}${name}, {\n${lines('  ')}\n});`;
  return `${head}\n  ${name},\n  {\n${lines('    ')}\n  },\n);`;
}

function methodType(method: protobuf.Method, scope: ModuleScope): string {
  const { request, response } = typesOf(method);
  const kind = scope.library('type', capital(kindOf(method)));
  const comment = printComment(method.comment, { deprecated: method.options?.deprecated }, '  ');
  const args = [
    scope.type(request),
    scope.type(response),
    scope.input(request),
    scope.input(response),
  ];
  return `${comment}${fitArguments(`readonly ${methodName(method.name)}: ${kind}`, args, '  ')}`;
}

function definition(method: protobuf.Method, scope: ModuleScope): string {
  const { request, response } = typesOf(method);
  const key = methodName(method.name);
  const args = [scope.codec(request), scope.codec(response)];
  if (capital(key) !== method.name) args.push(`{ name: ${quote(method.name)} }`);
  return fitList(`${key}: ${scope.library('value', kindOf(method))}(`, args, '),');
}

function typesOf(method: protobuf.Method): {
  readonly request: protobuf.Type;
  readonly response: protobuf.Type;
} {
  return {
    request: method.resolvedRequestType as protobuf.Type,
    response: method.resolvedResponseType as protobuf.Type,
  };
}

function kindOf(method: protobuf.Method): ReturnType<typeof methodKind> {
  return methodKind(method.requestStream === true, method.responseStream === true);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
