import { relative, sep } from 'node:path';

/** From the working directory, where it is below that. */
export function shownPath(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near.split(sep).join('/');
}
