import { fieldName } from '../schema/local-name.js';
import type { Block, Field, ScannedProto } from './scanned-proto.js';

/** A full name, and what it is given to. */
export interface Declared {
  readonly fullName: string;
  /** Such as `message` or `value`. */
  readonly what: string;
  readonly line: number;
  /** What it is declared in, or is. */
  readonly block: Block;
}

/**
 * All that a file declares, in the order of the lines: protobuf has one namespace for types, values,
 * fields, oneofs, services, methods and extensions.
 */
export function symbolsOf({ blocks, syntax, package: own }: ScannedProto): Declared[] {
  const all = blocks.flatMap((block): Declared[] => {
    const outer = block.parent?.fullName ?? own.name;
    const at = (what: string, scope: string, named: { name: string; line: number }) => ({
      fullName: scope === '' ? named.name : `${scope}.${named.name}`,
      ...{ what, line: named.line, block },
    });
    const { kind, fullName, fields, oneofs, values, methods } = block;
    if (kind === 'extend') return fields.map((field) => at('extension', fullName, field));
    return [
      at(kind, outer, block),
      ...fields.flatMap((field) =>
        fieldSymbols(field, syntax).map((s) => at(s[0], fullName, s[1])),
      ),
      ...oneofs.map((oneof) => at('oneof', fullName, oneof)),
      ...values.map((value) => at('value', outer, value)),
      ...methods.map((method) => at('method', fullName, method)),
    ];
  });
  return all.sort((a, b) => a.line - b.line);
}

/** A field, and what comes along with it. */
function fieldSymbols(field: Field, syntax: string): [what: string, Field][] {
  const { name, type, label, key } = field;
  // A group is a field and a message: the field is called the same in small letters.
  const symbols: [string, Field][] = [
    ['field', type === 'group' ? { ...field, name: name.toLowerCase() } : field],
  ];
  if (key !== undefined) {
    const camel = fieldName(name);
    const entry = `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`;
    symbols.push([`entries of the map ${name}`, { ...field, name: entry }]);
  }
  if (syntax === 'proto3' && label === 'optional') {
    symbols.push([`presence of the optional field ${name}`, { ...field, name: `_${name}` }]);
  }
  return symbols;
}
