import { ignore } from '../base/deferred.js';
import { Status } from '../status/status.js';
import type { StatusObject } from '../status/status-object.js';
import { toRpcError } from '../status/to-rpc-error.js';
import { InboxReadStream } from '../streams/read-stream.js';
import { RefusalError, SourceError, writeAll } from '../streams/write-all.js';
import type { CallCore } from './call-core.js';
import type { StreamPair } from './stream-pair.js';

/**
 * Carries what is left of the requests of `pair` to the call, and its replies back. Resolves with
 * the status when the call has ended well and every reply is on its way; rejects with what has
 * gone wrong otherwise, after which the call has ended, too.
 */
export async function passStreamOn(
  core: CallCore<unknown, unknown>,
  pair: StreamPair,
): Promise<StatusObject> {
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= causeOf(error);
    const { code, details, trailers } = toRpcError(failure);
    core.end(code, details, { trailers, cause: failure });
  };
  writeAll(core.outbox, pair.stream.values({ preventCancel: true })).then(
    () => void core.outbox.close(),
    (error: unknown) => {
      if (!core.ended) fail(error);
    },
  );
  void core.status().then(({ code }) => {
    if (code !== Status.OK) pair.release();
  });
  try {
    await writeAll(pair.outbox, new InboxReadStream(core.inbox, ignore));
  } catch (error) {
    if (!core.ended) fail(error);
    throw failure ?? causeOf(error);
  }
  return await core.status();
}

/** What was thrown, without what `writeAll` says of where. */
function causeOf(error: unknown): unknown {
  return error instanceof SourceError || error instanceof RefusalError ? error.cause : error;
}
