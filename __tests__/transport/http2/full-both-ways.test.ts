import { expect, test } from '@jest/globals';
import { bidiStream, bytes, connect, http2, Server, service } from 'tributary';
import { whenOver, within } from '../../stories/harness.js';

const Echo = service('test.Echo', { echo: bidiStream(bytes, bytes) });

const STREAMS = 100;
const MESSAGES = 10;

/** Far more, over all streams, than the kernel holds between two sockets. */
const chunk = new Uint8Array(64 * 1024);

test('a connection that is full both ways goes on', async () => {
  const server = new Server({ transport: http2() }).add(Echo, {
    async echo(stream) {
      for await (const message of stream) await stream.write(message);
    },
  });
  whenOver(() => server.close({ grace: 0 }));
  const { address } = await server.listen('127.0.0.1:0');
  const client = connect(address, { transport: http2() });
  whenOver(() => client.close());
  const stub = client.stub(Echo);

  const echoes = Array.from({ length: STREAMS }, async () => {
    let came = 0;
    const sent = Array.from({ length: MESSAGES }, () => chunk);
    for await (const { byteLength } of stub.echo(sent)) came += byteLength;
    return came;
  });
  const all = await within(15_000, Promise.all(echoes), 'every echo');
  expect(new Set(all)).toEqual(new Set([MESSAGES * chunk.byteLength]));
});
