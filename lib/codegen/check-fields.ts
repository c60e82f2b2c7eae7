import { fieldName } from '../schema/local-name.js';
import { checkDefault } from './check-default.js';
import { integerNumber } from './integer.js';
import type { Report } from './report.js';
import type { Block, Field } from './scanned-proto.js';

/** The highest number that a tag has room for. */
const MAX_NUMBER = 2 ** 29 - 1;
const KEYS = /^(u?int|sint|s?fixed)(32|64)$|^bool$|^string$/;

/** Fields whose numbers, names, labels or defaults do not do: of a message, or of an `extend`. */
export function checkFields(block: Block, syntax: string, report: Report): void {
  checkNames(block, report);
  checkJsonNames(block, report);
  if (block.extensions.length > 0 && syntax === 'proto3') {
    report(block.line, `${block.fullName}: proto3 has no extensions; use proto2 or editions`);
  }
  for (const { from, to } of [...block.reserved, ...block.extensions]) {
    if (from > to) report(block.line, `${block.fullName}: there is nothing from ${from} to ${to}`);
  }
  if (block.options.get('message_set_wire_format') === 'true') {
    report(block.line, `${block.fullName}: message sets are not supported; leave the option out`);
  }
  const numbers = new Map<number, Field>();
  for (const field of block.fields) {
    const owner = block.kind === 'extend' ? `extend ${block.name}` : block.fullName;
    const where = `${owner}.${field.name}`;
    const say = (text: string) => report(field.line, `${where}: ${text}`);
    checkNumber(block, field, numbers, say);
    checkLabel(block, field, syntax, say);
    checkDefault(field, syntax, say);
  }
}

function checkNames(block: Block, report: Report): void {
  const names = new Map<string, { readonly name: string; readonly line: number }>();
  for (const field of block.fields) {
    const local = fieldName(field.name);
    const where = `${block.fullName}.${field.name}`;
    const other = names.get(local);
    if (other?.name === field.name) {
      report(field.line, `${where} is there on line ${other.line}, too; rename it`);
    } else if (other !== undefined) {
      const both = `${other.name} on line ${other.line} are both ${local} in TypeScript`;
      report(field.line, `${where} and ${both}; rename one of them`);
    }
    if (block.reservedNames.includes(field.name)) {
      report(field.line, `${where}: the name is reserved; take another`);
    }
    names.set(local, field);
  }
  for (const { name, line } of block.oneofs) {
    if (!block.fields.some(({ oneof }) => oneof === name)) {
      report(line, `the oneof ${block.fullName}.${name} has no field; a oneof needs one`);
    }
    const field = block.fields.find((each) => each.name === name);
    if (field === undefined) continue;
    const also = `is the name of a field, on line ${field.line}, too`;
    report(line, `the oneof ${block.fullName}.${name} ${also}; rename one of them`);
  }
}

/** Those that are declared are all that TypeScript does not see. */
function checkJsonNames({ fullName, fields }: Block, report: Report): void {
  const jsonName = ({ name, options }: Field) =>
    options.get('json_name')?.slice(1, -1) ?? fieldName(name);
  const seen = new Map<string, Field>();
  for (const field of fields) {
    const name = jsonName(field);
    const other = seen.get(name);
    if (other !== undefined && fieldName(other.name) !== fieldName(field.name)) {
      const both = `${other.name} on line ${other.line} are both ${name} in JSON`;
      report(field.line, `${fullName}.${field.name} and ${both}; give one another json_name`);
    }
    seen.set(name, field);
  }
}

function checkNumber(
  { kind, reserved, extensions }: Block,
  field: Field,
  numbers: Map<number, Field>,
  say: (text: string) => void,
): void {
  const number = integerNumber(field.number);
  const within = ({ from, to }: { from: number; to: number }) => from <= number && number <= to;
  if (!Number.isInteger(number) || number < 1 || number > MAX_NUMBER) {
    say(`the number of a field is from 1 to ${MAX_NUMBER}, got ${field.number || 'none'}`);
    return;
  }
  const other = numbers.get(number);
  if (other !== undefined) {
    say(`the number ${number} is that of ${other.name}, on line ${other.line}; take another`);
  } else numbers.set(number, field);
  if (number >= 19_000 && number <= 19_999) {
    say(`the numbers from 19000 to 19999 are protobuf's own, got ${number}; take another`);
  }
  if (kind === 'extend') return;
  if (reserved.some(within)) say(`the number ${number} is reserved; take another`);
  if (extensions.some(within)) say(`the number ${number} is for extensions; take another`);
}

function checkLabel(
  { kind }: Block,
  field: Field,
  syntax: string,
  say: (text: string) => void,
): void {
  const { label, type, key, oneof, options } = field;
  if (kind === 'extend' && label === 'required') say('an extension cannot be required');
  const isUnpackable = label !== 'repeated' || type === 'string' || type === 'bytes';
  if (options.get('packed') === 'true' && isUnpackable) {
    say('only repeated numbers, bools and enums are packed; leave that out');
  }
  if (label === 'required' && syntax !== 'proto2') {
    say(`'required' is of proto2 only; leave it out`);
  }
  if (type === 'group' && syntax !== 'proto2') say('groups are of proto2 only; use a message');
  if (type === 'group' && oneof !== undefined) {
    say('a group in a oneof is not supported; put it outside, or use a message');
  }
  if (oneof !== undefined && (label !== undefined || key !== undefined)) {
    say(`a member of a oneof cannot be ${label ?? 'a map'}; put it into a message`);
  }
  if (key === undefined) return;
  if (label !== undefined) say(`a map cannot be ${label}; leave that out`);
  if (!KEYS.test(key)) say(`the keys of a map are integers, bool or string, not ${key}`);
}
