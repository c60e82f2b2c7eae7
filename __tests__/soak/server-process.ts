// The server of the soak, in a process of its own: told by its first argument which transport it has,
// and by each message of its parent to take a sample.

import { RpcError, Server, Status } from 'tributary';
import { takeSample } from './sample.js';
import { replySize, Soak } from './service.js';
import { TRANSPORTS, type TransportName } from './transports.js';

const server = new Server({
  transport: TRANSPORTS[process.argv[2] as TransportName](),
  maxConcurrentStreams: 20_000,
}).add(Soak, {
  sized: (request) => new Uint8Array(replySize(request)),
  async *echo(stream) {
    for await (const message of stream) {
      if (message.byteLength === 0) throw new RpcError(Status.ABORTED, 'as was asked');
      yield message;
    }
  },
});

const { address } = await server.listen('127.0.0.1:0');
process.on('message', () => void takeSample().then((sample) => process.send?.({ sample })));
process.once('disconnect', () => process.exit());
process.send?.({ address });
