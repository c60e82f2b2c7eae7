import type protobuf from 'protobufjs';
import type { FileNames } from './file-names.js';
import { fitBehind, fitUnion } from './layout.js';
import { printComment } from './print-comment.js';

/** Editors still complete the known numbers, which they would not beside a plain `number`. */
const OTHERS = '(number & Record<never, never>)';

/** An enum: its numbers by their names, and the types of both. */
export function printEnum(type: protobuf.Enum, names: FileNames): string {
  const name = names.of(type);
  const deprecated = type.options?.deprecated;
  const values = Object.entries(type.values).map(([key, number]) => {
    const options = type.valuesOptions?.[key] as { deprecated?: unknown } | undefined;
    const comment = printComment(type.comments[key], { deprecated: options?.deprecated }, '  ');
    return `${comment}  ${key}: ${number},\n`;
  });
  return `${printComment(type.comment, { deprecated })}export const ${name} = {
${values.join('')}} as const;

/** One of its numbers, or any other that a newer peer may have sent. */
${fitUnion(`export type ${name} =`, [`(typeof ${name})[keyof typeof ${name}]`, OTHERS])}

/** The name of a value of {@link ${name}}. */
${fitBehind(`export type ${names.derived(type, 'Name')} =`, `keyof typeof ${name};`)}`;
}
