import protobuf from 'protobufjs';
import type { ProtoFile } from '../schema/proto-file.js';
import { fullName } from '../schema/wire/message-shape.js';
import { SCALARS } from './check-default.js';
import { checkExtensions } from './check-extensions.js';
import { fileOf } from './definitions.js';
import type { Problem } from './problem.js';
import type { Report } from './report.js';
import type { Block, Field, ScannedProto } from './scanned-proto.js';
import { shownPath } from './shown-path.js';
import { visibleFiles } from './visible-files.js';

/** What can be checked only when all files are parsed: what they say of each other's types. */
export function checkReferences(
  root: protobuf.Root,
  files: readonly ProtoFile[],
  scans: ReadonlyMap<string, ScannedProto>,
): Problem[] {
  const problems: Problem[] = [];
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const proto of scans.values()) {
    const file = proto.path;
    const report: Report = (line, text) => problems.push({ file, line, text });
    const types = new Types(root, visibleFiles(file, byPath, scans), report);
    for (const block of proto.blocks) {
      for (const field of block.fields) checkField(block, field, types);
      for (const { name, line, types: messages } of block.methods) {
        for (const type of messages) types.message(block, `${block.fullName}.${name}`, type, line);
      }
      if (block.kind === 'extend') {
        const type = types.message(block, 'extend', block.name, block.line);
        if (type !== undefined) checkExtensions(block, type, report);
      }
    }
  }
  return problems;
}

function checkField(block: Block, field: Field, types: Types): void {
  const { name, type: wanted, line, options } = field;
  const where = block.fullName === '' ? name : `${block.fullName}.${name}`;
  const say = (words: string) => types.report(line, `${where}: ${words}`);
  const text = options.get('default');
  const isImplicit = types.isImplicit(block, field);
  if (isImplicit && text !== undefined)
    say('a field without presence has no default; leave it out');
  if (wanted === 'group' || SCALARS.test(wanted)) return;
  const type = types.find(block, where, wanted, line);
  if (type instanceof protobuf.Type && text !== undefined) {
    say('messages have no default; leave it out');
  }
  if (!(type instanceof protobuf.Enum)) return;
  if (text !== undefined && !Object.hasOwn(type.values, text)) {
    const names = Object.keys(type.values).join(', ');
    say(`the default must be a value of ${wanted} (${names}), got ${text}`);
  }
  if (isImplicit && isClosed(type)) {
    say(`the enum ${wanted} is closed, which a field without presence cannot have; use another`);
  }
}

/** Where the types are that a file refers to. */
class Types {
  readonly #root: protobuf.Root;
  readonly #visible: ReadonlySet<string>;
  readonly report: Report;

  constructor(root: protobuf.Root, visible: ReadonlySet<string>, report: Report) {
    this.#root = root;
    this.#visible = visible;
    this.report = report;
  }

  /** A message or an enum; `undefined` when it may not be used, which has been said then. */
  find(
    { fullName: scope }: Block,
    user: string,
    wanted: string,
    line: number,
  ): protobuf.Type | protobuf.Enum | undefined {
    const around = scope === '' ? this.#root : this.#root.lookup(`.${scope}`);
    const found = (around as protobuf.NamespaceBase | null)?.lookup(wanted, KINDS);
    if (!(found instanceof protobuf.Type || found instanceof protobuf.Enum)) {
      this.report(line, `${user}: there is no type ${wanted}; is an import missing?`);
      return undefined;
    }
    const file = fileOf(found);
    if (this.#visible.has(file)) return found;
    const place = `${fullName(found)} is in ${shownPath(file)}, which is not imported here`;
    this.report(line, `${user}: ${place}; import it`);
    return undefined;
  }

  message(block: Block, user: string, wanted: string, line: number): protobuf.Type | undefined {
    const isScalar = SCALARS.test(wanted);
    const found = isScalar ? undefined : this.find(block, user, wanted, line);
    if (found instanceof protobuf.Type) return found;
    if (isScalar || found !== undefined) this.report(line, `${user}: ${wanted} is not a message`);
    return undefined;
  }

  isImplicit({ fullName: scope, kind }: Block, { name, key, label, type }: Field): boolean {
    if (kind !== 'message' || key !== undefined || type === 'group') return false;
    const message = this.#root.lookup(`.${scope}`);
    const field = message instanceof protobuf.Type ? message.fields[name] : undefined;
    return field !== undefined && label !== 'repeated' && !field.hasPresence;
  }
}

const KINDS = [protobuf.Type, protobuf.Enum];

function isClosed(type: protobuf.Enum): boolean {
  return (type as { _features?: { enum_type?: unknown } })._features?.enum_type === 'CLOSED';
}
