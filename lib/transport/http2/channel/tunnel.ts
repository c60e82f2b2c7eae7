import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { Proxy as HttpProxy } from '../../../call/parse-proxy.js';
import { socketStage } from './socket-stage.js';

/**
 * Makes of a connection to a proxy one to `authority`, 'host:port', beyond it. Rejects with an Error
 * that says what the proxy said.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
export function tunnel(socket: Socket, authority: string, proxy: HttpProxy): Promise<Socket> {
  const late = `the proxy ${proxy.address} said nothing`;
  return socketStage(socket, late, ({ done, fail }) => {
    const asking = request({
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      createConnection: () => socket,
    });
    asking.once('connect', ({ statusCode = 0 }, _socket, head) => {
      if (statusCode < 200 || statusCode > 299) {
        fail(`the proxy ${proxy.address} refused ${authority} with HTTP ${statusCode}`);
        return;
      }
      // What came right behind the answer is the server's.
      if (head.length > 0) socket.unshift(head);
      done(socket);
    });
    asking.on('error', (error) => fail(`the proxy ${proxy.address} failed: ${error.message}`));
    asking.end();
  });
}

function authorization({ credentials }: HttpProxy): { 'proxy-authorization'?: string } {
  if (credentials === undefined) return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
