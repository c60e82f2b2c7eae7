import protobuf from 'protobufjs';
import type { ProtoSchema } from '../schema/proto-schema.js';
import type { Problem } from './problem.js';
import type { Block, Field, ScannedProto } from './scanned-proto.js';

/** What can be checked only when all types are known: the defaults of enums and messages. */
export function checkReferences(
  { root }: ProtoSchema,
  scans: ReadonlyMap<string, ScannedProto>,
): Problem[] {
  const problems: Problem[] = [];
  for (const { path, blocks } of scans.values()) {
    for (const block of blocks) {
      for (const field of block.fields) {
        const text = misfit(root, block, field);
        if (text !== undefined) problems.push({ file: path, line: field.line, text });
      }
    }
  }
  return problems;
}

function misfit(root: protobuf.Root, block: Block, field: Field): string | undefined {
  const text = field.options.get('default');
  if (text === undefined) return undefined;
  const scope = block.fullName === '' ? root : root.lookup(`.${block.fullName}`);
  const type = scope instanceof protobuf.Namespace ? scope.lookup(field.type) : null;
  const where = `${block.fullName}.${field.name}`;
  if (type instanceof protobuf.Type) return `${where}: messages have no default; leave it out`;
  if (!(type instanceof protobuf.Enum) || Object.hasOwn(type.values, text)) return undefined;
  const names = Object.keys(type.values).join(', ');
  return `${where}: the default must be a value of ${field.type} (${names}), got ${text}`;
}
