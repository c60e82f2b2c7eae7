// Servers in a process of their own that is sent signals. Told how by its argument; tells its parent
// the ports it listens on, and what has happened since.

import { type ReadWriteStream, Server, type ServerOptions } from 'tributary';
import { Deployed, type Reply } from './deployed.js';

/** What the process does. */
export interface Setup {
  readonly servers: readonly NonNullable<ServerOptions['closeOnSignals']>[];
  /** Listens for SIGTERM itself, too. */
  readonly ownListener?: boolean;
  /** Handlers take no notice of anything. */
  readonly stuck?: boolean;
  /** Closes its servers by itself before it reports. */
  readonly closed?: boolean;
}

const { servers, ownListener, stuck, closed } = JSON.parse(process.argv[2] ?? '') as Setup;

function tell(report: object): void {
  process.send?.(report);
}

async function chat(stream: ReadWriteStream<Reply, Reply>, draining: AbortSignal): Promise<void> {
  const first = await stream.read();
  if (typeof first === 'object') await stream.write(first);
  if (stuck) await new Promise(() => {});
  await stream.read({ signal: draining }).catch(() => tell({ event: 'draining' }));
}

if (ownListener) process.on('SIGTERM', () => tell({ event: 'own listener' }));
const listening = servers.map(async (closeOnSignals) => {
  const server = new Server({ closeOnSignals }).add(Deployed, {
    work: (request) => request,
    chat: (stream, ctx) => chat(stream, ctx.draining),
  });
  const { port } = await server.listen('127.0.0.1:0');
  if (closed) await server.close();
  return port;
});
const ports = await Promise.all(listening);
const listeners = process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');
process.once('disconnect', () => process.exit());
tell({ ports, listeners });
