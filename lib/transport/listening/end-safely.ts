/** What this needs of a stream of HTTP/2. */
interface EndingStream {
  once(event: 'close', listener: () => void): unknown;
}

/** What this needs of a session of HTTP/2. */
export interface EndingSession {
  /** Opens a stream; clients have it. */
  request?: (...args: never[]) => EndingStream;
  readonly destroyed: boolean;
  goaway(): void;
  close(callback?: () => void): void;
  destroy(error?: Error, code?: number): void;
  on(event: 'stream', listener: (stream: EndingStream) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Ends a session in ways that its peer cannot turn against the process; to be called before any other
 * listener is added. Two of Node's own are not safe:
 *
 * - It destroys a session from inside a frame that it is told of, such as a GOAWAY that names an error.
 *   If a broken frame follows in the same breath, an assertion in nghttp2 aborts the process. So that
 *   waits for the turn of the event loop; `destroy()` without arguments, which nobody calls from there,
 *   is as it was.
 * - `close()`, which a GOAWAY without an error calls too, has Node watch for the last stream in native
 *   code, and streams that are reset around then corrupt the heap (seen in Node 20.20). Here it says
 *   GOAWAY and counts the streams itself.
 *
 * `__tests__/transport/broken-frames.test.ts` and `__tests__/slow/closing-sessions.test.ts` show them.
 */
export function endSafely(session: EndingSession): void {
  destroyLater(session);
  closeByCount(session);
}

function destroyLater(session: EndingSession): void {
  const destroy = session.destroy.bind(session);
  session.destroy = (...args: Parameters<EndingSession['destroy']>): void => {
    if (args.length === 0) destroy();
    else setImmediate(() => destroy(...args));
  };
}

function closeByCount(session: EndingSession): void {
  let streams = 0;
  let closing = false;
  const endIfUnused = (): void => {
    if (!closing || streams > 0) return;
    // What the last stream has left to say is written first.
    setImmediate(() => {
      if (streams === 0) session.destroy();
    });
  };
  const count = (stream: EndingStream): void => {
    streams += 1;
    stream.once('close', () => {
      streams -= 1;
      endIfUnused();
    });
  };
  session.on('stream', count);
  const request = session.request?.bind(session);
  if (request !== undefined) {
    session.request = (...args): EndingStream => {
      const stream = request(...args);
      count(stream);
      return stream;
    };
  }
  session.close = (callback): void => {
    if (callback !== undefined) session.once('close', callback);
    if (closing || session.destroyed) return;
    closing = true;
    session.goaway();
    endIfUnused();
  };
}
