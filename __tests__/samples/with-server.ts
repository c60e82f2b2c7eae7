import { type Client, connect, Server } from 'tributary';
import type { Mark, Say } from '../../samples/say.js';

/** Runs a sample's client against its server in this process; also gives what the client said. */
export async function withServer<Seen>(
  add: (server: Server) => void,
  run: (client: Client, say: Say) => Promise<Seen>,
): Promise<{ seen: Seen; said: string[] }> {
  await using server = new Server();
  add(server);
  const { address } = await server.listen('127.0.0.1:0');
  await using client = connect(address);
  const said: string[] = [];
  const seen = await run(client, (mark: Mark, text: string) => said.push(`${mark} ${text}`));
  return { seen, said };
}
