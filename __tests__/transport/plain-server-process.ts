/** A process of its own with a server over each transport, for what would end a process. */
import { connect, grpc, http2, json, Server, service, unary } from 'tributary';

const Plain = service('test.Plain', {
  echo: unary(json<object>(), json<object>()),
});

const addresses: string[] = [];
for (const transport of [grpc(), http2()]) {
  const server = new Server({ transport });
  server.add(Plain, { echo: (request) => request });
  addresses.push((await server.listen('127.0.0.1:0')).address);
}
process.send?.(addresses);

// Asked for an address, it says how a call of its own to there ends.
process.on('message', (address: string) => void answer(address));

async function answer(address: string): Promise<void> {
  await using client = connect(address);
  const outcome = client
    .stub(Plain)
    .echo({})
    .then(() => 'OK', String);
  process.send?.(await outcome);
}
