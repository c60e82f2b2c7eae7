import { describeValue } from '../base/describe-value.js';
import { ServerCore } from '../server/server.js';

/** Throws a TypeError unless `server` is one. */
export function checkServer(what: string, server: unknown): asserts server is ServerCore {
  if (!(server instanceof ServerCore)) {
    throw new TypeError(`${what} takes a Server, got ${describeValue(server)}`);
  }
}
