import type protobuf from 'protobufjs';
import { fullName } from '../schema/wire/message-shape.js';
import { fieldType, isOptional } from './field-type.js';
import { fits, fitUnion, propertyKey, quote } from './layout.js';
import { type MessageField, messageFields } from './message-fields.js';
import type { ModuleScope } from './module-scope.js';
import { printComment } from './print-comment.js';

/** A message: what reading gives, what writing takes, and its codec. */
export function printMessage(type: protobuf.Type, scope: ModuleScope): string {
  const { names } = scope.module;
  const parts: string[] = [];
  for (const way of ['read', 'write'] as const) {
    const { plain, oneofs } = messageFields(type);
    const guards = [...oneofs].map(([oneof, members]) => {
      parts.push(printOneof(way, oneof, members, scope));
      return way === 'read' ? names.of(oneof) : names.derived(oneof, 'Input');
    });
    parts.push(printFields(way, type, plain, guards, scope));
  }
  parts.push(printCodec(type, scope));
  return parts.join('\n\n');
}

type Way = 'read' | 'write';

function printFields(
  way: Way,
  type: protobuf.Type,
  fields: readonly MessageField[],
  guards: readonly string[],
  scope: ModuleScope,
): string {
  const { names } = scope.module;
  const name = way === 'read' ? names.of(type) : names.derived(type, 'Input');
  const comment =
    way === 'read'
      ? printComment(type.comment, { deprecated: type.options?.deprecated })
      : printComment(`What writing {@link ${names.of(type)}} takes.`);
  const body = fields.map((field) => property(way, field, scope)).join('\n');
  if (guards.length === 0) {
    if (body === '') return `${comment}export type ${name} = Record<string, never>;`;
    return `${comment}export interface ${name} {\n${body}\n}`;
  }
  if (body !== '') return `${comment}export type ${name} = {\n${body}\n} & ${broken(guards)};`;
  const line = `export type ${name} = ${guards.join(' & ')};`;
  return `${comment}${fits(line) ? line : `export type ${name} = ${broken(guards)};`}`;
}

function broken(guards: readonly string[]): string {
  return guards.join(' &\n  ');
}

function printOneof(
  way: Way,
  oneof: protobuf.OneOf,
  members: readonly MessageField[],
  scope: ModuleScope,
): string {
  const { names } = scope.module;
  const name = way === 'read' ? names.of(oneof) : names.derived(oneof, 'Input');
  const guard = scope.library('type', way === 'read' ? 'AtMostOne' : 'AtMostOneInput');
  const note = `One of the oneof ${oneof.name}, or none.`;
  const comment = way === 'read' ? printComment(oneof.comment, { note }) : printComment(note);
  const body = members.map((member) => property(way, member, scope, 'member')).join('\n');
  return `${comment}export type ${name} = ${guard}<{\n${body}\n}>;`;
}

function property(
  way: Way,
  { field, shape }: MessageField,
  scope: ModuleScope,
  member?: 'member',
): string {
  const comment = printComment(field.comment, { deprecated: field.options?.deprecated }, '  ');
  const types = fieldType(way, field, shape, scope);
  const optional = member === undefined && isOptional(way, shape);
  if (optional) types.push(...(way === 'read' ? ['undefined'] : ['null', 'undefined']));
  const head = `${propertyKey(shape.property)}${optional ? '?' : ''}:`;
  return `${comment}${fitUnion(head, types, '  ')}`;
}

function printCodec(type: protobuf.Type, scope: ModuleScope): string {
  const { names } = scope.module;
  const name = names.of(type);
  const input = names.derived(type, 'Input');
  const make = `export const ${name} = ${names.file}.message`;
  const argument = quote(fullName(type));
  const line = `${make}<${name}, ${input}>(${argument});`;
  if (fits(line)) return line;
  const head = `${make}<${name}, ${input}>(`;
  if (fits(head)) return `${head}\n  ${argument},\n);`;
  return `${make}<\n  ${name},\n  ${input}\n>(${argument});`;
}
