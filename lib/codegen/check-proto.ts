import { methodName } from '../schema/local-name.js';
import { checkEnum } from './check-enum.js';
import { checkFeatures } from './check-features.js';
import { checkFields } from './check-fields.js';
import type { Problem } from './problem.js';
import type { Report } from './report.js';
import type { Block, ScannedProto } from './scanned-proto.js';

/**
 * What is wrong in a file that can be parsed: protobufjs takes most of it, or does not say where.
 */
export function checkProto(proto: ScannedProto): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (line, text) => problems.push({ file: proto.path, line, text });
  if (!/^(proto[23]|20\d\d)$/.test(proto.syntax)) {
    const text = `there is no syntax ${proto.syntax}; it is proto2 or proto3, or an edition`;
    report(proto.syntaxLine, text);
  }
  checkFeatures(proto.options, proto, (text, option) =>
    report(proto.optionLines.get(option) ?? proto.syntaxLine, text),
  );
  for (const block of proto.blocks) {
    for (const part of [block, ...block.fields]) {
      checkFeatures(part.options, proto, (text) => report(part.line, `${part.name}: ${text}`));
    }
    if (block.kind === 'enum') checkEnum(block, proto, report);
    else if (block.kind === 'service') checkMethods(block, report);
    else checkFields(block, proto.syntax, report);
  }
  return problems;
}

function checkMethods({ fullName, methods }: Block, report: Report): void {
  const seen = new Map<string, string>();
  for (const { name, line } of methods) {
    const local = methodName(name);
    const other = seen.get(local);
    if (local === '') report(line, `${fullName}.${name}: a name needs a letter; rename it`);
    if (other === name) report(line, `${fullName} has two methods ${name}; rename one of them`);
    else if (other !== undefined) {
      const both = `the methods ${other} and ${name} are both ${local} in TypeScript`;
      report(line, `${fullName}: ${both}; rename one of them`);
    }
    seen.set(local, name);
  }
}
