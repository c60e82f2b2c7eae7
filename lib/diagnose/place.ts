import { fileURLToPath } from 'node:url';

/** Where this library lies; with source maps, its sources beside what was built of them. */
const ROOT = new URL('../../', import.meta.url);
const OWN = [ROOT.href, fileURLToPath(ROOT)].flatMap((root) => [`${root}lib/`, `${root}dist/`]);

/** Frames that one call of a stub may take inside the library. */
const OWN_FRAMES = 20;

/** A place in the code; finding out which costs little until somebody asks. */
export class Place {
  readonly #captured: { readonly stack?: string } = {};

  constructor() {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = Math.max(stackTraceLimit, OWN_FRAMES);
    Error.captureStackTrace(this.#captured, Place);
    Error.stackTraceLimit = stackTraceLimit;
  }

  /** The innermost line that is neither this library's nor Node's, as stack traces name it. */
  get line(): string | undefined {
    const frames = this.#captured.stack?.split('\n').slice(1) ?? [];
    return frames.find(isForeign)?.replace(/^\s*at /, '');
  }
}

function isForeign(frame: string): boolean {
  return (
    /:\d+:\d+\)?$/.test(frame) && !/node:/.test(frame) && !OWN.some((own) => frame.includes(own))
  );
}
