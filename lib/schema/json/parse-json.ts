import { shorten } from '../wire/describe-misfit.js';
import { setEntry } from '../wire/map-key.js';
import { parseInteger } from './decimal.js';

/** A container that is still open: its list, or its object and the key that waits for a value. */
type Open = { readonly list: unknown[] } | { readonly object: object; key: string | undefined };

const TOKEN = /[[\]{}"]|[^\s,:[\]{}"]+/g;

/**
 * As `JSON.parse`, but an integer that a number would round is a bigint, and a key that an object
 * has twice is an error. It does not recurse: text may nest as deep as it likes.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  // It knows the syntax, so that what follows need not look for mistakes.
  JSON.parse(text);
  const root: unknown[] = [];
  const open: Open[] = [{ list: root }];
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const { 0: found, index } = token;
    if (found === ']' || found === '}') {
      open.pop();
    } else if (found === '[') {
      const list: unknown[] = [];
      put(list, open);
      open.push({ list });
    } else if (found === '{') {
      const object = {};
      put(object, open);
      open.push({ object, key: undefined });
    } else if (found === '"') {
      const end = endOfString(text, index);
      put(JSON.parse(text.slice(index, end)), open);
      TOKEN.lastIndex = end;
    } else {
      put(parsePlain(found), open);
    }
  }
  return root[0];
}

/** Puts a value, or a key, where it belongs. */
function put(value: unknown, open: readonly Open[]): void {
  const into = open.at(-1) as Open;
  if ('list' in into) {
    into.list.push(value);
  } else if (into.key === undefined) {
    into.key = value as string;
    if (Object.hasOwn(into.object, into.key)) {
      throw new SyntaxError(
        `the key ${JSON.stringify(shorten(into.key))} is there twice in one object`,
      );
    }
  } else {
    setEntry(into.object, into.key, value);
    into.key = undefined;
  }
}

/** A number, `true`, `false` or `null`. */
function parsePlain(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const rounded = Number.isInteger(value) && !Number.isSafeInteger(value);
  return rounded ? (parseInteger(text) ?? value) : value;
}

/** The position behind the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, position: number): boolean {
  let before = position;
  while (text[before - 1] === '\\') before--;
  return (position - before) % 2 === 1;
}
