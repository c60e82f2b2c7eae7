import { integerNumber } from './integer.js';
import type { Report } from './report.js';
import type { Block, ScannedProto } from './scanned-proto.js';

/** Values whose numbers or names do not do. */
export function checkEnum(block: Block, proto: ScannedProto, report: Report): void {
  const { fullName, line, values, reserved, reservedNames, options } = block;
  const first = values[0];
  if (first === undefined) report(line, `${fullName} has no value; an enum needs one`);
  else if (isOpen(block, proto) && integerNumber(first.number) !== 0) {
    report(first.line, `the first value of ${fullName} must be 0, as it is the default`);
  }
  const names = new Map<string, number>();
  const numbers = new Map<number, string>();
  for (const value of values) {
    const where = `${fullName}.${value.name}`;
    const number = integerNumber(value.number);
    if (!Number.isInteger(number) || (number | 0) !== number) {
      report(value.line, `${where}: ${value.number} is no int32`);
    }
    if (names.has(value.name)) {
      report(value.line, `${where} is there on line ${names.get(value.name)}, too; rename it`);
    }
    const same = numbers.get(number);
    if (same !== undefined && options.get('allow_alias') !== 'true') {
      const advice = 'give it another, or set option allow_alias = true';
      report(value.line, `${where} has the number of ${same}, ${number}; ${advice}`);
    }
    if (reserved.some(({ from, to }) => from <= number && number <= to)) {
      report(value.line, `${where}: the number ${number} is reserved; take another`);
    }
    if (reservedNames.includes(value.name)) {
      report(value.line, `${where}: the name is reserved; take another`);
    }
    names.set(value.name, value.line);
    numbers.set(number, value.name);
  }
}

function isOpen(block: Block, { syntax, options }: ScannedProto): boolean {
  const feature = featureOf(block.options, 'enum_type') ?? featureOf(options, 'enum_type');
  return syntax !== 'proto2' && feature !== 'CLOSED';
}

/** A feature that is set by itself, or among others in braces. */
function featureOf(options: ReadonlyMap<string, string>, name: string): string | undefined {
  const among = new RegExp(`\\b${name}:(\\w+)`).exec(options.get('features') ?? '')?.[1];
  return options.get(`features.${name}`) ?? among;
}
