import { describeValue } from '../base/describe-value.js';

/** @throws {TypeError} for what cannot be a comment */
export function checkComment(what: string, comment: unknown): void {
  if (comment === undefined || typeof comment === 'string') return;
  throw new TypeError(`${what} must be a string, got ${describeValue(comment)}`);
}

/** The lines of a comment in a `.proto`, without what no text file should have. */
export function commentLines(text: string): string[] {
  return text
    .toWellFormed()
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `// ${line.replace(/\p{Cc}/gu, ' ')}`.trimEnd());
}
