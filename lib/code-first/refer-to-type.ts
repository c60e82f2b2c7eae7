import type { Symbols } from './symbols.js';
import { parentOf } from './type-name.js';

/** Package names may begin with these; a type at the start of a field may not. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'enum',
  'extend',
  'extensions',
  'group',
  'import',
  'map',
  'message',
  'oneof',
  'option',
  'optional',
  'package',
  'repeated',
  'required',
  'reserved',
  'returns',
  'rpc',
  'service',
  'stream',
  'syntax',
]);

/**
 * The shortest name by which a file refers to a type, as protobuf looks names up from the inside out:
 * without the package where that is its own, with a leading dot where something nearer would be found.
 *
 * @param scope - the full name of the message or service that refers to it
 */
export function referToType(
  fullName: string,
  scope: string,
  packageName: string,
  symbols: Symbols,
): string {
  const isOwn = packageName === '' || fullName.startsWith(`${packageName}.`);
  const short = isOwn && packageName !== '' ? fullName.slice(packageName.length + 1) : fullName;
  const first = short.split('.')[0] as string;
  const meant = fullName.slice(0, fullName.length - short.length) + first;
  if (KEYWORDS.has(first)) return `.${fullName}`;
  for (let outer = scope; outer !== ''; outer = parentOf(outer)) {
    const found = `${outer}.${first}`;
    if (found === meant) return short;
    if (symbols.has(found)) return `.${fullName}`;
  }
  return short;
}
