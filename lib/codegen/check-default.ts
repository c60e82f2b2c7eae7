import { integer } from './integer.js';
import type { Field } from './scanned-proto.js';

const FLOAT = /^-?(inf|nan|\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)$/;
const STRING = /^("(\\.|[^"\\])*"|'(\\.|[^'\\])*')+$/;
/** An escape of what is no character. */
const BEYOND = /(?<!\\)(?:\\\\)*\\U(?!000|0010)/;

/** The types that are no names. */
export const SCALARS = /^(double|float|(u?int|sint|s?fixed)(32|64)|bool|string|bytes)$/;

/** A default that a field cannot have. */
export function checkDefault(field: Field, syntax: string, say: (text: string) => void): void {
  const text = field.options.get('default');
  if (text === undefined) return;
  if (syntax === 'proto3') {
    say('proto3 has no defaults; leave it out, or use editions');
    return;
  }
  if (field.label === 'repeated' || field.key !== undefined) {
    say('only single values have a default; leave it out');
    return;
  }
  const expected = misfit(field.type, text);
  if (expected !== undefined) say(`the default must be ${expected}, got ${text}`);
}

/** What the default should be, if it is not; undefined for those of enums and messages, too. */
function misfit(type: string, text: string): string | undefined {
  if (!SCALARS.test(type)) return undefined;
  if (type === 'bool') return text === 'true' || text === 'false' ? undefined : 'true or false';
  if (type === 'string' || type === 'bytes') {
    if (!STRING.test(text)) return 'in quotes';
    return BEYOND.test(text) ? 'of characters up to \\U0010ffff' : undefined;
  }
  if (type === 'double' || type === 'float') return FLOAT.test(text) ? undefined : 'a number';
  const bits = type.endsWith('64') ? 64n : 32n;
  const unsigned = type.startsWith('u') || type.startsWith('fixed');
  const least = unsigned ? 0n : -(2n ** (bits - 1n));
  const most = unsigned ? 2n ** bits - 1n : 2n ** (bits - 1n) - 1n;
  const value = integer(text);
  if (value !== undefined && value >= least && value <= most) return undefined;
  return `a whole number from ${least} to ${most}`;
}
