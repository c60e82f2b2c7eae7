/** A word, number, string or sign of a `.proto` file. */
export interface Token {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//;
const WORD = /\d[\d.]*[eE][+-]?\d+|[\w.]+/;
const PIECE = new RegExp(`(${COMMENT.source})|(${STRING.source}|${WORD.source}|[^\\s])|\\s+`, 'g');

/** Cuts a `.proto` file into tokens; comments and blanks are left out. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [piece, , token] of source.matchAll(PIECE)) {
    if (token !== undefined) tokens.push({ text: token, line });
    for (const char of piece) if (char === '\n') line++;
  }
  return tokens;
}

/** The text without its comments, and without the blanks and empty lines that they leave. */
export function withoutComments(source: string): string {
  return source
    .replace(PIECE, (piece, comment: string | undefined) => (comment === undefined ? piece : ' '))
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
