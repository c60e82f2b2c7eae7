// A server in a process of its own, as one instance of a deployed service: it drains when it is told
// to terminate. Started with the port to listen on; tells its parent the port it got.

import { EOF, type ReadWriteStream, Server } from 'tributary';
import { Deployed, type Reply } from './deployed.js';

const { pid } = process;

/** Echoes until the client has finished or the server drains. */
async function echo(stream: ReadWriteStream<Reply, Reply>, draining: AbortSignal): Promise<void> {
  try {
    for (;;) {
      const request = await stream.read({ signal: draining });
      if (request === EOF) return;
      await stream.write({ n: request.n, pid });
    }
  } catch (thrown) {
    if (!draining.aborted) throw thrown;
  }
}

const server = new Server({ closeOnSignals: { grace: 3_000 } }).add(Deployed, {
  async work(request, ctx) {
    // So that there are always calls under way.
    await new Promise((resolve) => setTimeout(resolve, request.n % 10));
    if (ctx.cancelled) throw new Error('cancelled');
    return { ...request, pid };
  },
  chat: (stream, ctx) => echo(stream, ctx.draining),
});
const { port } = await server.listen(`127.0.0.1:${process.argv[2]}`);
process.send?.({ port });
// A parent that is gone must not leave it behind; one that is there is no reason to live on.
process.once('disconnect', () => process.exit());
process.channel?.unref();
