/** How long a line of generated code may be. */
const WIDTH = 100;

/** `head a, b tail` on a line, or the items on lines of their own, each with a comma behind it. */
export function fitList(head: string, items: readonly string[], tail: string, indent = ''): string {
  const line = `${indent}${head}${items.join(', ')}${tail}`;
  if (fits(line)) return line;
  const inner = items.map((item) => `${indent}  ${item},\n`).join('');
  return `${indent}${head.trimEnd()}\n${inner}${indent}${tail.trimStart()}`;
}

/** `head<A, B>;` on a line, or the arguments on lines of their own. */
export function fitArguments(head: string, args: readonly string[], indent = ''): string {
  const line = `${indent}${head}<${args.join(', ')}>;`;
  if (fits(line)) return line;
  const inner = args.map((arg) => `${indent}  ${arg}`).join(',\n');
  return `${indent}${head}<\n${inner}\n${indent}>;`;
}

/** `head: A | B;` on a line, or the alternatives on lines of their own. */
export function fitUnion(head: string, types: readonly string[], indent = ''): string {
  const line = `${indent}${head} ${types.join(' | ')};`;
  if (fits(line) || types.length === 1) return line;
  return `${indent}${head}\n${types.map((type) => `${indent}  | ${type}`).join('\n')};`;
}

/** `head rest` on a line, or the rest on its own. */
export function fitBehind(head: string, rest: string): string {
  const line = `${head} ${rest}`;
  return fits(line) ? line : `${head}\n  ${rest}`;
}

export function fits(line: string): boolean {
  return line.length <= WIDTH;
}

/** A text in single quotes. */
export function quote(text: string): string {
  const escaped = text.replace(/[\\'\n\r\u2028\u2029]/g, (char) =>
    char === '\\' || char === "'"
      ? `\\${char}`
      : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}

/** A property's name, in quotes where it needs them. */
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}
