import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Timer } from '../../base/timer.js';
import type { KeepaliveOptions } from '../../call/keepalive-options.js';

const DEFAULT_TIME = 60_000;
const DEFAULT_TIMEOUT = 20_000;

/**
 * Pings that notice a client which is gone without a word, until the socket closes.
 *
 * ```
 *  waiting ── time ──► asked ── the answer ──► waiting
 *                        └──── timeout ── other bytes have come ──► waiting
 *                                 └────── nothing has come ───────► onLost
 * ```
 * A client whose answer waits behind a large upload is heard of all the same. When the session is gone
 * and its socket is not, because the client does not read, nothing can be asked any more: then silence
 * is enough.
 */
export function watchPeer(
  session: ServerHttp2Session,
  socket: Socket,
  { time = DEFAULT_TIME, timeout = DEFAULT_TIMEOUT }: KeepaliveOptions,
  onLost: () => void,
): void {
  let timer: Timer;
  const wait = (): void => {
    timer = new Timer(time, ask).unref();
  };
  const ask = (): void => {
    const heard = socket.bytesRead;
    let answered = false;
    timer = new Timer(timeout, () => {
      // What has arrived while this process was busy is read right after the timers.
      setImmediate(() => {
        if (answered || socket.destroyed) return;
        answered = true;
        if (socket.bytesRead === heard) onLost();
        else wait();
      });
    }).unref();
    if (session.destroyed) return;
    // Too many that are not answered report an error: then bytes must tell.
    session.ping((error: Error | null) => {
      if (error !== null || answered || socket.destroyed) return;
      answered = true;
      timer.stop();
      wait();
    });
  };
  socket.once('close', () => timer.stop());
  wait();
}
