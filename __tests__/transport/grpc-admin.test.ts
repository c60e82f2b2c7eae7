import {
  credentials,
  Client as GrpcJsClient,
  getChannelzServiceDefinition,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { expect, it } from '@jest/globals';
import { connect, grpc, Server, Status, type Transport } from 'tributary';
import { type Message, rejection, Stories, soon, whenOver } from '../stories/harness.js';

const channelz = getChannelzServiceDefinition() as ServiceDefinition;

/** A server that echoes, and what asks its channelz. */
async function start(transport: Transport) {
  const server = new Server({ transport });
  server.add(Stories, { unary: (request: Message) => request } as never);
  const { address } = await server.listen('127.0.0.1:0');
  const peer = new GrpcJsClient(address, credentials.createInsecure());
  whenOver(() => server.close({ grace: 1_000 }));
  whenOver(() => peer.close());
  const ask = (method: string, request: object) =>
    new Promise<unknown>((resolve, reject) => {
      const definition = channelz[method];
      if (definition === undefined) throw new Error(`channelz has no ${method}`);
      const { path, requestSerialize, responseDeserialize } = definition;
      peer.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        (error, reply) => {
          if (error === null) resolve(reply);
          else reject(error);
        },
      );
    });
  return { address, ask };
}

/** What channelz says of the servers that have answered this many calls. */
interface Servers {
  server: { data: { calls_succeeded: string }; listen_socket: object[] }[];
}

it('answers channelz for grpc-js and for itself, beside the calls of the server', async () => {
  const transport = grpc({ admin: true });
  const { address, ask } = await start(transport);
  const client = connect(address, { transport });
  whenOver(() => client.close());
  for (let n = 0; n < 7; n += 1) {
    expect(await soon(client.stub(Stories).unary({ n }), 'an echo')).toEqual({ n });
  }
  const { server } = (await soon(ask('GetServers', {}), 'the servers')) as Servers;
  expect(server.map(({ data }) => data.calls_succeeded)).toEqual(['7']);
  expect(server[0]?.listen_socket).toHaveLength(1);
  const { channel } = (await soon(ask('GetTopChannels', {}), 'the channels')) as {
    channel: { data: { target: string } }[];
  };
  // The peer of the test is a channel as well.
  expect(channel.filter(({ data }) => data.target.endsWith(address))).toHaveLength(2);
});

it('is off unless asked for', async () => {
  const { ask } = await start(grpc());
  expect(await rejection(ask('GetServers', {}))).toMatchObject({ code: Status.UNIMPLEMENTED });
});

it('is true or false', () => {
  expect(() => grpc({ admin: 1 as never })).toThrow('admin must be true or false, got 1 (number)');
});
