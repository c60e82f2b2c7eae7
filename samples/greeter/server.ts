import { setTimeout as pause } from 'node:timers/promises';
import { EOF, Server } from 'tributary';
import { Greeter } from './service.js';

export function addGreeter(server: Server): void {
  server.add(Greeter, {
    // Unary: what is returned is the reply.
    unary({ name }) {
      return { message: `Hello, ${name}!` };
    },

    // Server streaming: a generator is the shortest way to answer with many messages. It is
    // resumed only when there is room for the next one, so a slow client slows it down.
    *serverStream({ name }) {
      for (const greeting of ['Hello', 'Bonjour', 'Grüezi', 'こんにちは']) {
        yield { message: `${greeting}, ${name}!` };
      }
    },

    // Client streaming: the loop ends when the client has said that it is done.
    async clientStream(stream) {
      const names: string[] = [];
      for await (const { name } of stream) names.push(name);
      return { message: `Hello, ${names.join(' and ')}!` };
    },

    // Bidirectional, written imperatively: read and write in whatever order suits you.
    async biStream(stream, ctx) {
      for (;;) {
        const request = await stream.read();
        if (request === EOF) break;
        await stream.write({ message: `Hello, ${request.name}!` });
        // A second's rest, so that the client's read(500) has to come back empty-handed. The
        // signal ends it at once when the client cancels the call or goes away.
        await pause(1_000, undefined, { signal: ctx.signal });
      }
      // Returning ends the call with OK, and the client reads EOF.
    },
  });
}

// tsx samples/greeter/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addGreeter(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The greeter listens on ${address}`);
}
