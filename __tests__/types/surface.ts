/**
 * Type tests: this file only has to compile (`npm run check:types`). Each `@ts-expect-error` is a
 * mistake that the types must catch; it fails to compile when they no longer do.
 */
import type {
  ClientDuplexStream,
  ClientReadableStream,
  ClientWritableStream,
  ServerDuplexStream,
  ServerReadableStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import {
  addHealth,
  addReflection,
  type BidiStream,
  type CallContext,
  type Client,
  type ClientCall,
  type ClientStream,
  type Codec,
  connect,
  type DynamicMessage,
  EOF,
  fromDuplex,
  fromJson,
  fromJsonText,
  fromNodeReadable,
  fromNodeWritable,
  fromWebReadable,
  fromWebWritable,
  HealthService,
  type JsonValue,
  type ReadStream,
  type ReadWriteStream,
  type RpcError,
  type Server,
  type ServerStream,
  type ServiceDescriptor,
  select,
  toJson,
  toNodeReadable,
  toNodeWritable,
  toWebReadable,
  toWebWritable,
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
  const called = await stream.read({ timeout: 1, signal });
  isTrue<Equal<typeof called, Res | null | typeof EOF>>();
  const untimed = await stream.read({ signal });
  isTrue<Equal<typeof untimed, Res | typeof EOF>>();
  // @ts-expect-error a timeout is a number
  await stream.read('500');
}

export async function helpers(a: ReadStream<Res>, b: ReadStream<Req> & ClientCall): Promise<void> {
  const batch = await a.readBatch(10, 5);
  isTrue<Equal<typeof batch, Res[] | typeof EOF>>();
  isTrue<Equal<Awaited<ReturnType<typeof a.ready>>, boolean>>();
  const inTwoSteps = ({ text }: Res) => Promise.resolve(() => text);
  await a.forEach(inTwoSteps, { concurrency: 4, ordered: true });
  // @ts-expect-error an unknown option
  await a.forEach(() => {}, { order: true });

  const found = await select([a, b]);
  if (found.error !== undefined) isTrue<Equal<typeof found.error, RpcError>>();
  else if (found.index === 0) isTrue<Equal<typeof found.message, Res | typeof EOF>>();
  else {
    isTrue<Equal<typeof found.index, 1>>();
    isTrue<Equal<typeof found.message, Req | typeof EOF>>();
    isTrue<Equal<typeof found.stream, ReadStream<Req> & ClientCall>>();
  }
  const timed = await select([a, b], 5);
  isTrue<Equal<Extract<typeof timed, null>, null>>();
  const untimed = await select([a, b], { signal: ctx.draining });
  isTrue<Equal<typeof untimed, typeof found>>();
  const list: ReadStream<Res>[] = [a];
  const listed = await select(list);
  isTrue<Equal<typeof listed.index, number>>();
  // @ts-expect-error a stream to write to cannot be read
  await select([a, null as unknown as WriteStream<Res>]);
}

export function adapted(reads: ReadStream<Res>, writes: WriteStream<Req>): void {
  isTrue<Equal<ReturnType<typeof toWebReadable<Res>>, ReadableStream<Res>>>();
  const web = toWebReadable(reads);
  isTrue<Equal<ReturnType<typeof fromWebReadable<Res>>, ReadStream<Res>>>();
  fromWebReadable(web) satisfies ReadStream<Res>;
  fromWebWritable(toWebWritable(writes)) satisfies WriteStream<Req>;
  fromNodeReadable<Res>(toNodeReadable(reads)) satisfies ReadStream<Res>;
  fromNodeWritable<Req>(toNodeWritable(writes)) satisfies WriteStream<Req>;
  // @ts-expect-error a Node stream is not a web stream
  fromWebReadable(toNodeReadable(reads));
}

export function wrapped(calls: {
  clientBoth: ClientDuplexStream<Req, Res>;
  clientReads: ClientReadableStream<Res>;
  clientWrites: ClientWritableStream<Req>;
  serverBoth: ServerDuplexStream<Req, Res>;
  serverReads: ServerReadableStream<Req, Res>;
  serverWrites: ServerWritableStream<Req, Res>;
}): void {
  const clientBoth = fromDuplex(calls.clientBoth);
  isTrue<Equal<typeof clientBoth, ReadWriteStream<Res, Req> & ClientCall>>();
  const clientReads = fromDuplex(calls.clientReads);
  isTrue<Equal<typeof clientReads, ReadStream<Res> & ClientCall>>();
  const clientWrites = fromDuplex(calls.clientWrites);
  isTrue<Equal<typeof clientWrites, WriteStream<Req> & ClientCall>>();
  const serverBoth = fromDuplex(calls.serverBoth);
  isTrue<Equal<typeof serverBoth, ReadWriteStream<Req, Res>>>();
  const serverReads = fromDuplex(calls.serverReads);
  isTrue<Equal<typeof serverReads, ReadStream<Req>>>();
  const serverWrites = fromDuplex(calls.serverWrites);
  isTrue<Equal<typeof serverWrites, WriteStream<Res>>>();
  clientBoth satisfies ReadWriteStream<Res, Req> & ClientCall;
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

// JSON: what comes out is what decoding gives, what goes in is what encoding takes.
declare const reqCodec: Codec<Req, Partial<Req>>;
isTrue<Equal<ReturnType<typeof readReq>, Req>>();
export function readReq() {
  return fromJson(reqCodec, {});
}
export const reqFromText: Req = fromJsonText(reqCodec, '{}', { ignoreUnknownFields: true });
export const reqAsJson: JsonValue = toJson(reqCodec, {}, { emitDefaults: true });
// @ts-expect-error: id is a number
toJson(reqCodec, { id: 'x' });
// @ts-expect-error: there is no such option
toJson(reqCodec, {}, { emitDefault: true });
