import { methodName } from '../schema/local-name.js';
import { checkEnum } from './check-enum.js';
import { checkFields } from './check-fields.js';
import type { Problem } from './problem.js';
import type { Report } from './report.js';
import type { Block, ScannedProto } from './scanned-proto.js';

/**
 * What is wrong in a file that can be parsed: protobufjs takes most of it, or does not say where.
 *
 * @returns the problems by ascending line
 */
export function checkProto(proto: ScannedProto): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (line, text) => problems.push({ file: proto.path, line, text });
  checkTypeNames(proto, report);
  for (const block of proto.blocks) {
    if (block.kind === 'enum') checkEnum(block, proto.syntax, report);
    else if (block.kind === 'service') checkMethods(block, report);
    else checkFields(block, proto.syntax, report);
  }
  return problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function checkTypeNames({ blocks }: ScannedProto, report: Report): void {
  const seen = new Map<string, Block>();
  for (const block of blocks.toSorted((a, b) => a.line - b.line)) {
    if (block.kind === 'extend') continue;
    const other = seen.get(block.fullName);
    if (other === undefined) seen.set(block.fullName, block);
    else {
      const first = `the ${other.kind} on line ${other.line}`;
      report(block.line, `${block.fullName} is the name of ${first}, too; rename one of them`);
    }
  }
}

function checkMethods({ fullName, methods }: Block, report: Report): void {
  const seen = new Map<string, string>();
  for (const { name, line } of methods) {
    const local = methodName(name);
    const other = seen.get(local);
    if (other === name) report(line, `${fullName} has two methods ${name}; rename one of them`);
    else if (other !== undefined) {
      report(line, `${fullName}: the methods ${other} and ${name} are both ${local} in TypeScript`);
    }
    seen.set(local, name);
  }
}
