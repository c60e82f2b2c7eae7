import protobuf from 'protobufjs';
import type { ProtoFile } from '../schema/proto-file.js';
import { wellKnownFile } from '../schema/well-known.js';
import type { Definitions } from './definitions.js';
import { header } from './header.js';
import { fitList, quote } from './layout.js';
import type { ModuleScope } from './module-scope.js';
import { printEnum } from './print-enum.js';
import { printMessage } from './print-message.js';
import { printService } from './print-service.js';
import { withoutComments } from './token.js';

/** The text of the module of one `.proto` file. */
export function printModule(file: ProtoFile, own: Definitions, scope: ModuleScope): string {
  const { names, protoName } = scope.module;
  const body = [printFile(file, scope)];
  for (const type of own.types) {
    body.push(type instanceof protobuf.Enum ? printEnum(type, names) : printMessage(type, scope));
  }
  for (const service of own.services) body.push(printService(service, scope));
  if (textOf(file, protoName) !== undefined) body.push(printSource(file, names.source));
  return `${header(protoName)}\n${scope.imports.print()}\n\n${body.join('\n\n')}\n`;
}

/** The constant that all codecs of the file come from. */
function printFile(file: ProtoFile, scope: ModuleScope): string {
  const { names, protoName } = scope.module;
  const make = scope.library('value', 'embeddedProto');
  const options = [`name: ${quote(protoName)}`];
  if (textOf(file, protoName) !== undefined) {
    options.push(names.source === 'source' ? 'source' : `source: ${names.source}`);
  }
  const imports = [...file.imports]
    .filter(([name, path]) => scope.has(path) && wellKnownFile(name) === undefined)
    .map(([name, path]) => `${quote(name)}: ${scope.file(path)}`);
  if (imports.length > 0) options.push(fitList('imports: { ', imports, ' }', '  ').trimStart());
  const head = `/** \`${protoName}\`, which is parsed when it is first needed. */\nexport const ${names.file} = `;
  return `${head}${make}({\n${options.map((option) => `  ${option},\n`).join('')}});`;
}

/** The text to embed; none for a file that the library has itself. */
function textOf(file: ProtoFile, protoName: string): string | undefined {
  return wellKnownFile(protoName) === undefined ? file.source : undefined;
}

function printSource({ source = '' }: ProtoFile, name: string): string {
  const text = withoutComments(source).replace(/[\\`]|\$\{/g, '\\$&');
  return `/** The file without its comments. */\nfunction ${name}(): string {\n  return \`\n${text}\n\`;\n}`;
}
