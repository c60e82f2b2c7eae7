import { type Client, connect, EOF, type Stub } from 'tributary';
import type { Say } from '../say.js';
import { Greeter, type GreeterMethods } from './service.js';

type GreeterStub = Stub<GreeterMethods>;

export async function run(client: Client, say: Say) {
  const stub = client.stub(Greeter);
  return {
    unary: await unary(stub, say),
    serverStream: await serverStream(stub, say),
    clientStream: await clientStream(stub, say),
    biStream: await biStream(stub, say),
  };
}

async function unary(stub: GreeterStub, say: Say) {
  say('#', 'Unary: one request, one reply');
  say('→', 'jock');
  const { message } = await stub.unary({ name: 'jock' });
  say('←', message);
  return message;
}

async function serverStream(stub: GreeterStub, say: Say) {
  say('#', 'Server streaming: one request, and a loop over the replies');
  say('→', 'jane');
  const messages: string[] = [];
  for await (const { message } of stub.serverStream({ name: 'jane' })) {
    messages.push(message);
    say('←', message);
  }
  return messages;
}

async function clientStream(stub: GreeterStub, say: Say) {
  say('#', 'Client streaming: a generator feeds the requests, one reply comes back');
  function* names() {
    for (const name of ['jock', 'jane', 'joe']) {
      say('→', name);
      yield { name };
    }
  }
  const { message } = await stub.clientStream(names());
  say('←', message);
  return message;
}

async function biStream(stub: GreeterStub, say: Say) {
  say('#', 'Bidirectional, imperative: write when you like, read(500) when you like');
  const seen = { messages: [] as string[], nulls: 0 };
  // `await using` cancels the call if this function is left before the call has ended.
  await using stream = stub.biStream();
  for (const name of ['jock', 'jane']) {
    await stream.write({ name }); // waits when there is no room to send
    say('→', name);
  }
  await stream.doneWriting();
  say('→', 'doneWriting(): no more will come from here');
  for (;;) {
    const reply = await stream.read(500); // milliseconds
    if (reply === EOF) break;
    if (reply === null) {
      seen.nulls++;
      say('·', 'null: nothing came within 500 ms; nothing is lost, so read again');
    } else {
      seen.messages.push(reply.message);
      say('←', reply.message);
    }
  }
  say('·', 'EOF: the server has finished, and all went well');
  return seen;
}

// tsx samples/greeter/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
