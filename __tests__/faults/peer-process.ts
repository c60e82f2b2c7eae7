// A peer in a process of its own, to be killed. `server <transport> <port>` echoes, and tells its parent
// the port it got; `client <transport> <address>` opens a stream, and tells when it has been answered.

import { type Client, connect, http2, Server } from 'tributary';
import { Echo, type Note } from './echo.js';

const [role, name, where] = process.argv.slice(2);
const transport = name === 'http2' ? { transport: http2() } : {};

async function serve(): Promise<void> {
  const server = new Server(transport).add(Echo, {
    async *echo(stream) {
      yield* stream;
    },
    // Takes one and no more, so that whoever writes has to wait.
    async hold(stream): Promise<Note> {
      await stream.read();
      return new Promise(() => {});
    },
  });
  const { port } = await server.listen(`127.0.0.1:${where}`);
  process.send?.({ port });
}

async function call(client: Client): Promise<void> {
  const stream = client.stub(Echo).echo();
  await stream.write({ n: 1 });
  await stream.read();
  process.send?.({ port: 0 });
  await stream.read();
}

// A parent that is gone must not leave it behind.
process.once('disconnect', () => process.exit());
await (role === 'server' ? serve() : call(connect(String(where), transport)));
