/**
 * Type tests: this file only has to compile (`npm run check:types`). Each `@ts-expect-error` is a
 * mistake that the types must catch; it fails to compile when they no longer do.
 */
import {
  addHealth,
  addReflection,
  type BidiStream,
  type CallContext,
  type Client,
  type ClientCall,
  type ClientStream,
  connect,
  type DynamicMessage,
  EOF,
  HealthService,
  type ReadStream,
  type ReadWriteStream,
  type Server,
  type ServerStream,
  type ServiceDescriptor,
  type Unary,
  type WriteStream,
} from 'tributary';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function isTrue<_T extends true>(): void {}

interface Req {
  id: number;
}
interface Res {
  text: string;
}
interface Methods {
  one: Unary<Req, Res>;
  down: ServerStream<Req, Res>;
  up: ClientStream<Req, Res>;
  both: BidiStream<Req, Res>;
  loose: Unary<Req, Res, Partial<Req>, Partial<Res>>;
}
declare const client: Client;
declare const server: Server;
declare const Typed: ServiceDescriptor<Methods>;
declare const Dynamic: ServiceDescriptor;
declare const ctx: CallContext;
declare function requests(): AsyncGenerator<Req>;

export async function stubs(): Promise<void> {
  const stub = client.stub(Typed);

  isTrue<Equal<ReturnType<typeof stub.one>, Promise<Res>>>();
  await stub.one(
    { id: 1 },
    { timeout: 5, parent: ctx, metadata: { a: ['b'], 'c-bin': new Uint8Array() } },
  );
  await stub.loose({});
  // @ts-expect-error a field of the wrong type
  await stub.one({ id: '1' });
  // @ts-expect-error a missing field
  await stub.one({});
  // @ts-expect-error an unknown option
  await stub.one({ id: 1 }, { timeoutMs: 5 });
  // @ts-expect-error no such method
  stub.three;

  const down = stub.down({ id: 1 });
  isTrue<Equal<typeof down, ReadStream<Res> & ClientCall>>();
  // @ts-expect-error nothing to write on a server stream
  down.write;

  const up = stub.up();
  await up.write({ id: 1 });
  isTrue<Equal<ReturnType<typeof up.finish>, Promise<Res>>>();
  isTrue<Equal<Awaited<ReturnType<typeof up.response>>, Res>>();
  const summary = await stub.up(requests());
  isTrue<Equal<typeof summary, Res>>();
  // @ts-expect-error fed by a source: nothing to write
  stub.up([{ id: 1 }]).write;

  const both = stub.both();
  isTrue<Equal<typeof both, ReadWriteStream<Res, Req> & ClientCall>>();
  // @ts-expect-error a message is neither a source nor options
  stub.both({ id: 1 });
  // @ts-expect-error a source of the wrong messages
  stub.both([{ text: 'a' }]);
  for await (const reply of stub.both(requests())) isTrue<Equal<typeof reply, Res>>();
}

export async function reads(stream: ReadStream<Res>): Promise<void> {
  const plain = await stream.read();
  isTrue<Equal<typeof plain, Res | typeof EOF>>();
  const timed = await stream.read(500);
  isTrue<Equal<typeof timed, Res | null | typeof EOF>>();
  if (timed === EOF) return;
  isTrue<Equal<typeof timed, Res | null>>();
  if (timed === null) return;
  isTrue<Equal<typeof timed, Res>>();
  const { signal } = new AbortController();
  await stream.read({ timeout: 1, signal });
  // @ts-expect-error a timeout is a number
  await stream.read('500');
}

export function handlers(): void {
  server.add(Typed, {
    one: ({ id }, { deadline }) => ({ text: `${id} ${deadline?.getTime()}` }),
    async *down({ id }) {
      yield { text: `${id}` };
    },
    async up(stream) {
      isTrue<Equal<typeof stream, ReadStream<Req>>>();
      return { text: 'a' };
    },
    async both(stream) {
      isTrue<Equal<typeof stream, ReadWriteStream<Req, Res>>>();
      for await (const { id } of stream) await stream.write({ text: `${id}` });
    },
    loose: () => ({}),
  });
  // @ts-expect-error handlers are missing
  server.add(Typed, { one: () => ({ text: 'a' }) });
  server.add(Typed, {
    // @ts-expect-error a reply of the wrong type
    one: () => ({ text: 1 }),
    // @ts-expect-error a generator of the wrong messages
    async *down() {
      yield { id: 1 };
    },
    up: async () => ({ text: 'a' }),
    // @ts-expect-error what is written must be a reply
    both: async (stream) => stream.write({ id: 1 }),
    loose: () => ({}),
  });
  server.add(Typed, {
    one: () => ({ text: 'a' }),
    async down(_request, _ctx, stream) {
      isTrue<Equal<typeof stream, WriteStream<Res>>>();
    },
    up: async () => ({ text: 'a' }),
    both: (stream) => mapped(stream),
    loose: () => ({}),
  });
}

async function* mapped(stream: ReadStream<Req>): AsyncGenerator<Res> {
  for await (const { id } of stream) yield { text: `${id}` };
}

export async function dynamic(): Promise<void> {
  const stub = client.stub(Dynamic);
  const call = stub.anything?.();
  await call?.write({ any: 'thing' });
  const reply = await call?.read();
  if (reply !== EOF && reply !== undefined) isTrue<Equal<typeof reply, DynamicMessage>>();
  server.add(Dynamic, {
    async both(stream) {
      for await (const { name } of stream) await stream.write({ message: `${name}` });
    },
    async *down({ name }, { signal }) {
      if (!signal.aborted) yield { message: name };
    },
  });
}

export async function readyMade(): Promise<void> {
  const health = addHealth(addReflection(server));
  health.set('some.Service', 'NOT_SERVING').reset('some.Service');
  // @ts-expect-error no such status
  health.set('some.Service', 'SERVICE_UNKNOWN');
  // @ts-expect-error a client serves nothing
  addHealth(client);
  const stub = client.stub(HealthService);
  const { status } = await stub.check({ service: '' });
  isTrue<Equal<typeof status, number>>();
  const change = await stub.watch({}).read();
  if (change !== EOF) isTrue<Equal<typeof change.status, number>>();
}

export function channelOptions(): void {
  connect(['127.0.0.1:1', '127.0.0.1:2'], {
    keepalive: { time: 30_000, withoutCalls: true },
    compression: 'gzip',
    retry: { retryableStatusCodes: ['UNAVAILABLE', 8] },
    methods: { 'a.B/C': { retry: false, hedging: { maxAttempts: 2 } } },
    loadBalancing: { policy: 'weighted_round_robin', blackoutPeriod: 0 },
    outlierDetection: { successRate: {} },
    proxy: false,
  });
  // @ts-expect-error an unknown compression
  connect('127.0.0.1:1', { compression: 'brotli' });
  // @ts-expect-error keepalive is options or false
  connect('127.0.0.1:1', { keepalive: true });
  // @ts-expect-error no such status
  connect('127.0.0.1:1', { retry: { retryableStatusCodes: ['GONE'] } });
  // @ts-expect-error an option of another policy
  connect('127.0.0.1:1', { loadBalancing: { policy: 'pick_first', blackoutPeriod: 0 } });
  // @ts-expect-error both are needed
  connect('127.0.0.1:1', { retryThrottling: { maxTokens: 1 } });
}
