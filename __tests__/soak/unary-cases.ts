import { type Case, ownClient, repeat, type SoakStub } from './case.js';
import { LARGE_REPLY, LARGE_REQUEST, requestOf, Soak } from './service.js';

const REQUEST = requestOf(LARGE_REQUEST, LARGE_REPLY);

/** One large unary call; throws unless its reply is as it should be. */
async function largeUnary(stub: SoakStub): Promise<void> {
  const reply = await stub.sized(REQUEST, { timeout: 60_000 });
  if (reply.byteLength !== LARGE_REPLY) throw new Error(`a reply of ${reply.byteLength} bytes`);
}

/** gRPC's interop case rpc_soak: calls one after another on one channel. */
export const rpcSoak: Case = {
  name: 'rpc_soak',
  share: 0.1,
  async run(setting) {
    await using client = ownClient(setting);
    const stub = client.stub(Soak);
    return await repeat(setting, 1_000, 1, () => largeUnary(stub));
  },
};

/** gRPC's interop case channel_soak: each call on a channel of its own. */
export const channelSoak: Case = {
  name: 'channel_soak',
  share: 0.1,
  run: (setting) =>
    repeat(setting, 1_000, 1, async () => {
      await using client = ownClient(setting);
      await largeUnary(client.stub(Soak));
    }),
};

/** Large calls, all at once on one channel. */
export const parallelUnary: Case = {
  name: 'parallel large_unary',
  share: 0.1,
  async run(setting) {
    await using client = ownClient(setting);
    const stub = client.stub(Soak);
    return await repeat(setting, 1_000, 1_000, () => largeUnary(stub));
  },
};
