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
    ownFolder ??= findOwnFolder();
    const frames = this.#captured.stack?.split('\n').slice(1) ?? [];
    return frames.find(isForeign)?.replace(/^\s*at /, '');
  }
}

let ownFolder: string | undefined;

/** Where this library lies, as stack traces have it: with source maps that is not where it runs. */
function findOwnFolder(): string {
  const own = /^\s*at (?:.*\()?(.*)diagnose[\\/]place\.\w+:\d+:\d+\)?$/m.exec(
    `${new Error().stack}`,
  );
  return own?.[1] ?? '(bundled)';
}

function isForeign(frame: string): boolean {
  const inCode = /:\d+:\d+\)?$/.test(frame) && !frame.includes('node:');
  return inCode && !frame.includes(ownFolder as string);
}
