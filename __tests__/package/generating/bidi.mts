// What a user's project does with generated code: ./generated is made by the installed program.
import assert from 'node:assert/strict';
import { connect, EOF, Server } from 'tributary';
import { generate } from 'tributary/codegen';
import { RouteGuide, type RouteNoteInput } from './generated/route_guide.js';

await using server = new Server().add(RouteGuide, {
  getFeature: (location) => ({ name: 'somewhere', location }),
  listFeatures: () => [],
  recordRoute: () => Promise.resolve({ elapsedMs: 1 }),
  async *routeChat(notes) {
    for await (const { message, location } of notes) yield { message: `${message}!`, location };
  },
});
const { address } = await server.listen('127.0.0.1:0');
await using client = connect(address);

const stream = client.stub(RouteGuide).routeChat();
const note: RouteNoteInput = { message: 'hello', location: { latitude: 1 } };
await stream.write(note);
assert.deepEqual(await stream.read(), {
  message: 'hello!',
  location: { latitude: 1, longitude: 0 },
});
await stream.doneWriting();
assert.equal(await stream.read(), EOF);

const { files } = await generate('proto/greeter.proto');
assert.equal(files[0]?.path, 'greeter.ts');
