import { inspect, types } from 'node:util';

const LONGEST = 60;

/**
 * Words for what came in a field instead of what was expected, such as `{ a: 1 } (object)`: the value
 * itself, unlike `describeValue`, because it is the user's own message; short and on one line.
 */
export function describeMisfit(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (types.isPromise(value)) return 'a Promise (is an await missing?)';
  return `${preview(value)} (${kindOf(value)})`;
}

/** The value alone, short and on one line. */
export function preview(value: unknown): string {
  // Never let a hostile or broken inspect hook replace the error that is about to be thrown.
  let text: string;
  try {
    const short = typeof value === 'string' ? value.slice(0, LONGEST + 1) : value;
    text = inspect(short, {
      depth: 1,
      breakLength: Infinity,
      maxArrayLength: 5,
      maxStringLength: LONGEST,
      customInspect: false,
    });
  } catch {
    text = Object.prototype.toString.call(value);
  }
  return shorten(text.replace(/\s*\n\s*/g, ' '));
}

/** The beginning of a text that peers choose: an error is no place for a megabyte. */
export function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'object' || value === null) return typeof value;
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return name === 'Object' ? 'object' : name;
}
