import type { Socket } from 'node:net';

/**
 * What every HTTP/2 client sends first.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9113#section-3.4
 */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * Calls `greeted` when the client has begun to speak HTTP/2, with everything still to be read from
 * the socket. Closes it at the first byte that says otherwise.
 */
export function awaitPreface(socket: Socket, greeted: () => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    if (seen.compare(PREFACE, 0, length, 0, length) !== 0) {
      socket.destroy();
    } else if (length === PREFACE.length) {
      socket.off('readable', look);
      socket.unshift(seen);
      greeted();
    }
  };
  socket.on('readable', look);
}
