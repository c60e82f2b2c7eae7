/** Says what a bad argument was, short enough for an error message. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'string':
      return value.length > 40 ? `'${value.slice(0, 40)}…' (string)` : `'${value}' (string)`;
    case 'bigint':
      return `${value}n`;
    case 'function':
      return value.name === '' ? 'a function' : `function ${value.name}`;
    case 'object':
      return describeObject(value);
    default:
      return `${String(value)} (${typeof value})`;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)
    ?.constructor?.name;
  if (name !== undefined && name !== '' && name !== 'Object') {
    return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
  }
  const keys = Object.keys(value);
  const shown = keys.slice(0, 5).join(', ');
  return keys.length === 0 ? '{}' : `{ ${shown}${keys.length > 5 ? ', …' : ''} }`;
}
