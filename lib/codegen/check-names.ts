import type { Problem } from './problem.js';
import type { ScannedProto } from './scanned-proto.js';
import { shownPath } from './shown-path.js';
import { type Declared, symbolsOf } from './symbols-of.js';

interface Seen extends Declared {
  readonly file: string;
}

/** Names that are given twice, in one file or in two, and those that JavaScript has a use for. */
export function checkNames(protos: Iterable<ScannedProto>): Problem[] {
  const all = [...protos];
  const problems: Problem[] = [];
  const seen = new Map<string, Seen>();
  for (const proto of all) {
    const file = proto.path;
    for (const declared of symbolsOf(proto)) {
      const { fullName, line } = declared;
      const other = seen.get(fullName);
      if (other === undefined) seen.set(fullName, { ...declared, file });
      else if (!isCheckedElsewhere(other, declared) && !mayMeet(other, declared, file)) {
        problems.push({ file, line, text: clash(other, file) });
      }
      if (/(^|\.)__proto__$/.test(fullName)) problems.push({ file, line, text: special(fullName) });
    }
  }
  for (const { path: file, package: own } of all) {
    if (own.name.split('.').includes('__proto__')) {
      problems.push({ file, line: own.line, text: special(own.name) });
    }
    const type = outerNames(own.name).find((name) => seen.has(name));
    if (type === undefined) continue;
    const { what, file: there, line } = seen.get(type) as Seen;
    const place = `${shownPath(there)}:${line}`;
    const text = `${type} is the name of the ${what} at ${place}, too; rename one of them`;
    problems.push({ file, line: own.line, text });
  }
  return problems;
}

/** Fields, methods and values of one block are compared by their names in TypeScript, too. */
function isCheckedElsewhere(a: Declared, b: Declared): boolean {
  const isMember = ({ what }: Declared) => /^(field|oneof|method|value)$/.test(what);
  return a.block === b.block && isMember(a) && isMember(b);
}

/**
 * Values stand beside their enum: in files that never meet, two may be called the same. What two
 * messages of one name hold is not told as well.
 */
function mayMeet(other: Seen, { what, fullName, block }: Declared, file: string): boolean {
  const isWithin = fullName !== block.fullName && other.fullName !== other.block.fullName;
  return other.file !== file && (what === 'value' || other.what === 'value' || isWithin);
}

function clash({ fullName, what, file: there, line }: Seen, file: string): string {
  if (there !== file) {
    const place = `${shownPath(there)}:${line}`;
    return `${fullName} is declared at ${place}, too; rename one, or generate them apart`;
  }
  const why = what === 'value' ? ' (values stand beside their enum, not in it)' : '';
  return `${fullName} is the name of the ${what} on line ${line}, too${why}; rename one of them`;
}

function special(name: string): string {
  return `${name}: __proto__ is special in JavaScript and not supported; rename it`;
}

/** `a`, `a.b` and `a.b.c` */
function outerNames(name: string): string[] {
  const parts = name === '' ? [] : name.split('.');
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
}
