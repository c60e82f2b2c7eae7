import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect as connectSocket, type Socket } from 'node:net';
import { whenOver } from '../stories/harness.js';

/** An HTTP proxy that takes CONNECT and keeps what it was asked. */
export async function startHttpProxy(
  answer = '200 Connection established',
): Promise<{ address: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer();
  proxy.on('connect', (request: IncomingMessage, near: Socket, head: Buffer) => {
    asked.push(request);
    const [host, port] = (request.url as string).split(':');
    const far = connectSocket(Number(port), host as string, () => {
      near.write(`HTTP/1.1 ${answer}\r\n\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  whenOver(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return { address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}
