import { type Client, EOF } from 'tributary';
import { rejection, Stories, type StoryStub, soon, within } from '../../stories/harness.js';
import { FaultyProxy } from '../faulty-proxy.js';
import { nameOf } from '../handler-record.js';
import { ANY, type ServerFault } from '../server-fault.js';
import type { Target } from '../target.js';

/** Milliseconds. A peer that is gone is noticed within their sum; both are well below what a test may take. */
const KEEPALIVE = { time: 100, timeout: 600 };
const NOTICED = 8_000;

interface Path {
  readonly proxy: FaultyProxy;
  readonly client: Client;
  readonly stub: StoryStub;
}

/** A client of the server that has to go through the proxy. */
async function path(target: Target, keepalive = false): Promise<Path> {
  const proxy = await FaultyProxy.start(Number(target.address.split(':')[1]));
  target.over(() => proxy.close());
  const client = target.connect(proxy.address, keepalive ? { keepalive: KEEPALIVE } : {});
  return { proxy, client, stub: client.stub(Stories) };
}

/** What becomes of a reader and a writer, each with a call, when this happens to their path. */
function bothBlocked(
  name: string,
  happens: (proxy: FaultyProxy) => void,
  ends = ['UNAVAILABLE', 'UNAVAILABLE'],
): ServerFault {
  return {
    name,
    options: { keepalive: KEEPALIVE },
    outcome: 'UNAVAILABLE, and then OK',
    ends: [...ends, 'EOF'],
    async commit(target) {
      const { proxy, stub } = await path(target, true);
      const [reader, writer] = [stub.bidiStream(), stub.clientStream()];
      await reader.write({ n: 1 });
      await soon(reader.read(), 'an echo');
      await writer.write({ n: 1 });
      const text = 'x'.repeat(100_000);
      const writing = (async (): Promise<never> => {
        for (let n = 0; ; n += 1) await writer.write({ n, text });
      })();
      happens(proxy);
      const told = Promise.all([rejection(reader.read()), rejection(writing)]);
      const errors = await within(NOTICED, told, 'reader and writer to be told');
      const { code } = await soon(reader.status(), 'the status');
      if (code !== 14) throw new Error(`the status is ${code}`);
      proxy.heal();
      const again = stub.bidiStream([{ n: 2 }], { waitForReady: true });
      await soon(again.read(), 'an echo over a new connection');
      if ((await again.read()) !== EOF) throw new Error('expected EOF');
      return [...new Set(errors.map(nameOf))].join(' or ').concat(', and then OK');
    },
  };
}

/** What a network does to a connection. */
export const pathFaults: readonly ServerFault[] = [
  bothBlocked('a path that is cut', (proxy) => proxy.cut()),
  bothBlocked('a path that is a black hole from now on', (proxy) => proxy.blackHole()),
  bothBlocked('a half-open socket: the client is gone', (proxy) => proxy.vanish('client')),
  bothBlocked('a half-open socket: the server is gone', (proxy) => proxy.vanish('server')),
  bothBlocked('a half-closed socket: the client says no more', (proxy) =>
    proxy.halfClose('client'),
  ),
  bothBlocked('a half-closed socket: the server says no more', (proxy) =>
    proxy.halfClose('server'),
  ),
  {
    name: 'a slow path, and a deadline that passes on it',
    outcome: 'DEADLINE_EXCEEDED',
    ends: ANY,
    async commit(target) {
      const { proxy, client, stub } = await path(target);
      await client.waitForReady(3_000);
      proxy.delay(300);
      return nameOf(await rejection(stub.unary({ n: 1, text: 'wait' }, { timeout: 100 })));
    },
  },
  {
    name: 'a slow path that a large reply takes longer on than keepalive has patience',
    options: { keepalive: KEEPALIVE },
    outcome: '100 messages',
    ends: ['done'],
    async commit(target) {
      const { proxy, client, stub } = await path(target, true);
      await client.waitForReady(3_000);
      proxy.throttle(1_500_000);
      let count = 0;
      for await (const _each of stub.serverStream({ n: 100 })) count += 1;
      return `${count} messages`;
    },
  },
];
