import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { wordsOf } from '../base/words-of.js';

/** Where this library is: frames of its own say nothing to whoever reads an error. */
const LIBRARY = dirname(import.meta.dirname);

/**
 * Imports a module of the user's; one in TypeScript by way of tsx, when that is installed in the working
 * directory.
 *
 * @throws {Error} whose text says where it went wrong and what to do
 */
export async function loadModule(file: string): Promise<object> {
  const path = resolve(file);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile) throw new Error(`${file}: there is no such file`);
  if (/\.[mc]?tsx?$/.test(path)) await registerTsx(file);
  try {
    const module = (await import(pathToFileURL(path).href)) as object;
    // A rejection in it that nobody handles ends the process now, before anything is written.
    await setImmediate();
    return module;
  } catch (cause) {
    throw new Error(`${placeOf(cause) ?? file}: ${wordsOf(cause)}`, { cause });
  }
}

/** Makes `import` take TypeScript for the rest of the process, as `node --import tsx` does. */
async function registerTsx(file: string): Promise<void> {
  let path: string;
  try {
    path = createRequire(resolve('package.json')).resolve('tsx');
  } catch (cause) {
    // Node.js itself takes some TypeScript since 22.18, but not `./other.js` for `./other.ts`.
    const nodeCan = (process.features as { typescript?: unknown }).typescript;
    if (nodeCan !== undefined && nodeCan !== false) return;
    const advice = 'install it (npm install --save-dev tsx), or give the compiled .js file';
    throw new Error(`${file}: TypeScript needs tsx, which is not installed here: ${advice}`, {
      cause,
    });
  }
  await import(pathToFileURL(path).href);
}

/** `src/service.ts:12:9`: the innermost line of the user's own that the error came from. */
function placeOf(error: unknown): string | undefined {
  const { stack } = (error ?? {}) as { stack?: unknown };
  if (typeof stack !== 'string') return undefined;
  for (const [, place = '', line = ''] of stack.matchAll(/(?:\(|at )([^()\s]+):(\d+:\d+)\)?$/gm)) {
    const path = place.startsWith('file:') ? fileURLToPath(place.replace(/\?.*/, '')) : place;
    if (/^node:|node_modules/.test(path) || path.startsWith(LIBRARY)) continue;
    return `${relative('.', path)}:${line}`;
  }
  return undefined;
}
