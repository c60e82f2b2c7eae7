import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Throws unless `npm run build` has been run since `lib/` last changed: `dist/` is measured. */
export function checkBuilt(): void {
  const built = newest(new URL('../dist/', import.meta.url));
  const written = newest(new URL('../lib/', import.meta.url));
  if (built === 0) throw new Error('there is no dist/ to measure: npm run build');
  if (built < written) throw new Error('dist/ is older than lib/: npm run build');
}

/** Throws unless 'tributary' is what was built, here in this process. */
export function checkShipped(): void {
  if (import.meta.resolve('tributary').endsWith('/dist/index.js')) return;
  throw new Error('this should measure what ships, and found the sources');
}

function newest(directory: URL): number {
  const path = fileURLToPath(directory);
  const files = readdirSync(path, { recursive: true, withFileTypes: true });
  const times = files
    .filter((file) => file.isFile())
    .map((file) => statSync(`${file.parentPath}/${file.name}`).mtimeMs);
  return Math.max(0, ...times);
}
