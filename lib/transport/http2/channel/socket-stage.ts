import type { Socket } from 'node:net';
import { Timer } from '../../../base/timer.js';

/** How long each stage of a connection may take, in milliseconds. */
const STAGE_TIMEOUT = 20_000;

/** How a stage ends, from whoever waits for it; the first to say so counts. */
export interface Stage<T> {
  done(result: T): void;
  fail(reason: string): void;
}

/**
 * One stage in the making of a connection. If it fails, the socket is destroyed, and the promise
 * rejects with the reason: the one that is given, the socket's error, or that the time is over.
 *
 * @param late - what has not happened when it may take no longer
 */
export function socketStage<T>(
  socket: Socket,
  late: string,
  begin: (stage: Stage<T>) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    const fail = (reason: string): void => {
      if (over) return;
      end();
      reject(new Error(reason));
      socket.destroy();
    };
    const onError = (error: Error): void => fail(error.message);
    // Who knows more is heard first: Node reports errors of HTTP/2 behind the end of the connection.
    const onClose = (): void => void setImmediate(() => fail('the connection was closed'));
    const timer = new Timer(STAGE_TIMEOUT, () =>
      fail(`${late} within ${STAGE_TIMEOUT} ms`),
    ).unref();
    const end = (): void => {
      over = true;
      timer.stop();
      socket.off('error', onError).off('close', onClose);
    };
    socket.on('error', onError).on('close', onClose);
    const done = (result: T): void => {
      if (over) return;
      end();
      resolve(result);
    };
    if (socket.destroyed) onClose();
    else begin({ done, fail });
  });
}
