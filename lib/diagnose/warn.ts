import type { Finding } from './finding.js';

/** Places that were warned of; a bug in a busy place would fill the log. */
const warned = new Set<string>();

/** More than a program has places; not so many that keeping them matters. */
const MOST = 1000;

/** Warns the process, once for each kind of finding, method and line of code. */
export function warn({ kind, side, method, openedAt, message }: Finding): void {
  const place = [kind, side, method, openedAt].join(' ');
  if (warned.has(place) || warned.size >= MOST) return;
  warned.add(place);
  const code = `TRIBUTARY_${kind.toUpperCase().replaceAll('-', '_')}`;
  process.emitWarning(message, { type: 'TributaryWarning', code });
}
