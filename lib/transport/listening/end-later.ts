/** What this needs of a session of HTTP/2. */
export interface EndingSession {
  destroy(error?: Error, code?: number): void;
}

/**
 * Lets Node end a session only when it has taken in what it is taking in. It ends one from inside a
 * frame that it is told of: one that is closing when its last stream goes, or when a GOAWAY names an
 * error. If a broken frame follows in the same breath, an assertion in nghttp2 then aborts the whole
 * process. `destroy()` without arguments, which nobody calls from there, is as it was.
 * `__tests__/transport/broken-frames.test.ts` shows it.
 */
export function endLater(session: EndingSession): void {
  const destroy = session.destroy.bind(session);
  session.destroy = (...args: Parameters<EndingSession['destroy']>): void => {
    if (args.length === 0) destroy();
    else setImmediate(() => destroy(...args));
  };
}
