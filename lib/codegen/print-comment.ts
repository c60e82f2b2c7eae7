/**
 * A comment of a `.proto` as TSDoc, with the line break behind it; nothing where there is none.
 *
 * @param note - a line of our own below it
 */
export function printComment(
  comment: string | null | undefined,
  options: { readonly deprecated?: unknown; readonly note?: string | undefined } = {},
  indent = '',
): string {
  const lines = (comment ?? '')
    .replaceAll('*/', '*\\/')
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  while (lines[0] === '') lines.shift();
  if (options.note !== undefined) lines.push(...(lines.length > 0 ? [''] : []), options.note);
  if (options.deprecated === true) lines.push('@deprecated');
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  const body = lines.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('');
  return `${indent}/**\n${body}${indent} */\n`;
}
