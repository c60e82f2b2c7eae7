import { Server as GrpcServer, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import {
  type ConnectOptions,
  connect,
  grpc,
  type Handlers as HandlersOf,
  http2,
  RpcError,
  Server,
  Status,
  type Transport,
} from 'tributary';
import { type Message, Stories, turns, whenOver } from '../stories/harness.js';

const RECONNECT = { initial: 20, max: 20 };

const TRANSPORTS = { grpc, http2 };

function stubOver(
  transport: Transport,
  addresses: string | readonly string[],
  options: ConnectOptions,
) {
  const client = connect(addresses, { transport, reconnectBackoff: RECONNECT, ...options });
  whenOver(() => client.close());
  return client.stub(Stories);
}

function stubOf(addresses: readonly string[], options: ConnectOptions) {
  return stubOver(grpc(), addresses, options);
}

/** A server whose unary replies are its number, while it is well. */
async function startServer(n: number, address = '127.0.0.1:0') {
  const server = new Server();
  const state = { ill: false, calls: 0 };
  server.add(Stories, {
    unary: () => {
      state.calls += 1;
      if (state.ill) throw new RpcError(Status.UNAVAILABLE, `${n} is ill`);
      return { n };
    },
  } as Partial<HandlersOf<(typeof Stories)['methods']>> as HandlersOf<(typeof Stories)['methods']>);
  const { address: bound } = await server.listen(address);
  whenOver(() => server.close({ grace: 0 }));
  return { server, state, address: bound };
}

function startServers(count: number) {
  return Promise.all(Array.from({ length: count }, (_each, n) => startServer(n)));
}

type StubOf = ReturnType<typeof stubOf>;

/** How many of these calls each server has answered; -1 counts failures. */
async function spread(stub: StubOf, calls: number): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (let i = 0; i < calls; i += 1) {
    const { n } = await stub.unary({ n: 0 }).catch((): Message => ({ n: -1 }));
    counts.set(n, (counts.get(n) ?? 0) + 1);
  }
  return counts;
}

/** Calls in rounds until the counts of one are as they should be. */
async function until(
  what: string,
  stub: StubOf,
  round: number,
  fits: (counts: Map<number, number>) => boolean,
): Promise<void> {
  const end = Date.now() + 5_000;
  for (;;) {
    const counts = await spread(stub, round);
    if (fits(counts)) return;
    if (Date.now() > end) throw new Error(`waited for ${what}, got ${[...counts].join(' ')}`);
    await turns(5);
  }
}

/** Calls until the servers that answer within a round are these. */
function untilAnswered(stub: StubOf, servers: readonly number[]): Promise<void> {
  const wanted = servers.join();
  return until(`answers of ${wanted}`, stub, 3 * servers.length, (counts) => {
    return [...counts.keys()].sort().join() === wanted;
  });
}

const addressesOf = (servers: readonly { address: string }[]) =>
  servers.map(({ address }) => address);

describe.each(['grpc', 'http2'] as const)('several addresses over %s', (name) => {
  const stubOf = (addresses: string | readonly string[], options: ConnectOptions = {}) =>
    stubOver(TRANSPORTS[name](), addresses, options);

  it('pick_first keeps to the first, and goes to the next when it is gone', async () => {
    const servers = await startServers(2);
    const stub = stubOf(addressesOf(servers));
    expect(await spread(stub, 10)).toEqual(new Map([[0, 10]]));
    await servers[0]?.server.close({ grace: 0 });
    await untilAnswered(stub, [1]);
  });

  it('pick_first passes over one that nobody listens on', async () => {
    const servers = await startServers(2);
    await servers[0]?.server.close({ grace: 0 });
    for (const loadBalancing of [
      'pick_first',
      { policy: 'pick_first', shuffleAddressList: true },
    ] as const) {
      const stub = stubOf(addressesOf(servers), { loadBalancing });
      expect(await spread(stub, 5)).toEqual(new Map([[1, 5]]));
    }
  });

  it('round_robin spreads calls; one dies, and returns', async () => {
    const servers = await startServers(3);
    const addresses = addressesOf(servers);
    const stub = stubOf(addresses, { loadBalancing: 'round_robin' });
    await untilAnswered(stub, [0, 1, 2]);
    expect(await spread(stub, 30)).toEqual(
      new Map([0, 1, 2].map((n) => [n, 10])) as Map<number, number>,
    );
    await servers[1]?.server.close({ grace: 0 });
    await untilAnswered(stub, [0, 2]);
    expect((await spread(stub, 30)).get(-1)).toBeUndefined();
    await startServer(1, addresses[1]);
    await untilAnswered(stub, [0, 1, 2]);
  });

  it('as a target of gRPC’s own form', async () => {
    const servers = await startServers(2);
    const target = `ipv4:${addressesOf(servers).join(',')}`;
    await untilAnswered(stubOf(target, { loadBalancing: 'round_robin' }), [0, 1]);
  });

  it('never go to the proxy of the environment, which could not tell them apart', async () => {
    const servers = await startServers(2);
    process.env.grpc_proxy = 'http://127.0.0.1:1';
    try {
      const stub = stubOf(addressesOf(servers), { loadBalancing: 'round_robin' });
      await untilAnswered(stub, [0, 1]);
    } finally {
      delete process.env.grpc_proxy;
    }
  });

  it.each([
    [[]],
    [['localhost:1', '127.0.0.1:1']],
    [['127.0.0.1:1', '[::1]:1']],
    [['127.0.0.1', '127.0.0.2']],
    [['127.0.0.1:99999']],
    [[1]],
  ])('%j is refused', (addresses) => {
    expect(() => connect(addresses as string[])).toThrow(RangeError);
    expect(() => connect(addresses as string[])).toThrow(/IP addresses with ports/);
  });
});

describe('outlierDetection', () => {
  it.each([
    ['failurePercentage', { threshold: 50, minimumHosts: 2, requestVolume: 2 }],
    ['successRate', { stdevFactor: 500, minimumHosts: 2, requestVolume: 2 }],
  ])('by %s: a server that fails is left out, and returns', async (by, options) => {
    const servers = await startServers(3);
    const stub = stubOf(addressesOf(servers), {
      loadBalancing: 'round_robin',
      outlierDetection: {
        interval: 50,
        baseEjectionTime: 200,
        maxEjectionPercent: 34,
        [by]: options,
      },
    });
    await untilAnswered(stub, [0, 1, 2]);
    const sick = servers[1]?.state as { ill: boolean };
    sick.ill = true;
    await untilAnswered(stub, [0, 2]);
    sick.ill = false;
    await untilAnswered(stub, [0, 1, 2]);
  });
});

describe('weighted_round_robin', () => {
  it('a server that reports more load gets fewer calls', async () => {
    const servers = await Promise.all([startReporting(0, 0.1), startReporting(1, 0.9)]);
    const stub = stubOf(addressesOf(servers), {
      loadBalancing: {
        policy: 'weighted_round_robin',
        blackoutPeriod: 0,
        weightUpdatePeriod: 100,
        errorUtilizationPenalty: 0,
      },
    });
    await until('the weights to count', stub, 60, (counts) => {
      return (counts.get(0) ?? 0) > 3 * (counts.get(1) ?? 0);
    });
  });

  it('by turns while nothing is reported', async () => {
    const servers = await startServers(2);
    const stub = stubOf(addressesOf(servers), { loadBalancing: 'weighted_round_robin' });
    await untilAnswered(stub, [0, 1]);
    expect((await spread(stub, 20)).get(0)).toBeCloseTo(10, -1);
  });
});

/** A grpc-js server that tells its load with every reply. */
async function startReporting(n: number, load: number): Promise<{ address: string }> {
  const server = new GrpcServer({ 'grpc.server_call_metric_recording': 1 });
  server.register(
    '/test.Stories/Unary',
    (call: ServerUnaryCall<Buffer, Buffer>, done: (error: null, reply: Buffer) => void) => {
      const recorder = call.getMetricsRecorder();
      recorder.recordApplicationUtilizationMetric(load);
      recorder.recordQpsMetric(100);
      done(null, Buffer.from(JSON.stringify({ n })));
    },
    (bytes: Buffer) => bytes,
    (bytes: Buffer) => bytes,
    'unary',
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  whenOver(() => server.forceShutdown());
  return { address: `127.0.0.1:${port}` };
}
