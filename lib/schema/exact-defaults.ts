/**
 * The option of a field that holds its default where protobufjs would lose some of it: the decimal
 * digits of an integer, which it reads as a double; the bytes, in hexadecimal, of a text with
 * escapes or letters beyond ASCII, of which it does not know all.
 */
export const EXACT_DEFAULT = '(tributary_exact_default)';

const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/;
const TEXT = `(?:${STRING.source})(?:\\s*(?:${STRING.source}))*`;
const INTEGER = /-?(?:0[xX][\da-fA-F]{14,}|\d{16,})(?=\s*[\],])/;
const DEFAULT = `([[,]\\s*default\\s*=\\s*)(?:(${TEXT})|(${INTEGER.source}))`;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//;
// Comments and other texts are matched so that nothing within them is.
const PIECE = new RegExp(`${DEFAULT}|${COMMENT.source}|${STRING.source}`, 'g');

/** The text of a `.proto` file with the defaults that need it in {@link EXACT_DEFAULT}, too. */
export function keepExactDefaults(source: string): string {
  return source.replace(
    PIECE,
    (piece: string, _head: string | undefined, text?: string, integer?: string) => {
      if (integer !== undefined) return `${piece}, ${EXACT_DEFAULT} = "${decimal(integer)}"`;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII but the backslash.
      if (text === undefined || /^[\x00-[\]-\x7f]*$/.test(text)) return piece;
      return `${piece}, ${EXACT_DEFAULT} = "${bytesOf(text).toString('hex')}"`;
    },
  );
}

function decimal(integer: string): string {
  const digits = integer.replace('-', '');
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  return String(integer.startsWith('-') ? -value : value);
}

const LETTERS: { readonly [letter: string]: string } = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};
const ESCAPES =
  /\\(?:([0-7]{1,3})|[xX]([\da-fA-F]{1,2})|(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))|([\s\S]))|[^\\]+/g;

/** The bytes that one literal or several in a row stand for. */
function bytesOf(text: string): Buffer {
  const literals = text.match(new RegExp(STRING, 'g')) ?? [];
  const pieces = literals.flatMap((literal) => [...literal.slice(1, -1).matchAll(ESCAPES)]);
  return Buffer.concat(
    pieces.map(([piece, octal, hex, short, long, letter]) => {
      if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)]);
      if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)]);
      const point = short ?? long;
      if (point !== undefined) return Buffer.from(codePoint(point));
      return Buffer.from(letter === undefined ? piece : (LETTERS[letter] ?? letter));
    }),
  );
}

function codePoint(hex: string): string {
  const point = Number.parseInt(hex, 16);
  if (point <= 0x10_ff_ff) return String.fromCodePoint(point);
  throw new Error(`\\U${hex} is no character: the last is \\U0010ffff`);
}
