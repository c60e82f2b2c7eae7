import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createServer,
  type ServerHttp2Stream,
} from 'node:http2';
import { whenOver } from '../../stories/harness.js';

/** A session of nothing but `node:http2`, with a server that does this with its streams. */
export async function bareSession(
  onStream: (stream: ServerHttp2Stream) => void,
): Promise<ClientHttp2Session> {
  const server = createServer();
  server.on('stream', onStream);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  whenOver(() => {
    session.destroy();
    server.close();
  });
  return session;
}
