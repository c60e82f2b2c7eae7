import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { afterEach, expect } from '@jest/globals';
import {
  bidiStream,
  type Client,
  type ClientInterceptor,
  type ConnectOptions,
  clientStream,
  connect,
  type Finding,
  type Handlers as HandlersOf,
  http2,
  type Interceptor,
  json,
  MemoryTransport,
  Server,
  type ServerOptions,
  type Stub,
  serverStream,
  service,
  type Transport,
  unary,
} from 'tributary';
import { Authority } from '../support/certificates.js';

/** What every method of the stories takes and gives. */
export interface Message {
  n: number;
  text?: string;
}

const message = json<Message>();

/** One method of each kind. */
export const Stories = service('test.Stories', {
  unary: unary(message, message),
  serverStream: serverStream(message, message),
  clientStream: clientStream(message, message),
  bidiStream: bidiStream(message, message),
});

type Methods = (typeof Stories)['methods'];
export type Handlers = Partial<HandlersOf<Methods>>;
export type StoryStub = Stub<Methods>;

/** What a transport is, as options of the two sides; made anew for each test. */
interface Sides {
  readonly server?: ServerOptions;
  readonly client?: ConnectOptions;
  /** Loses every connection, where no proxy is needed for that. */
  readonly cut?: () => void;
}

const SIDES = {
  grpc: () => ({}),
  http2: overHttp2,
  'http2+gzip': () => both(overHttp2(), { client: { compression: 'gzip' } }),
  'http2+tls': () => both(overHttp2(), secured()),
  'http2+interceptors': () => passingThrough(overHttp2(), passOn),
  'grpc+gzip': () => ({ client: { compression: 'gzip' } }),
  'grpc+tls': secured,
  'grpc+interceptors': () => passingThrough({}, passOn),
  memory: inMemory,
  'memory+interceptors': () => passingThrough(inMemory(), touchAndPassOn),
} satisfies { [name: string]: () => Sides };

export type TransportName = keyof typeof SIDES;
export const TRANSPORTS = Object.keys(SIDES) as readonly TransportName[];

/** For tests that ask more of a transport than the stories do. */
export const PLAIN_TRANSPORTS = ['grpc', 'http2', 'memory'] as const;

/** What a server and a client on the same transport are both told; made anew for each pair. */
export function plainOptions(name: TransportName): { readonly transport?: Transport } {
  if (name === 'memory') return { transport: new MemoryTransport() };
  return name === 'http2' ? { transport: http2() } : {};
}

function overHttp2(): Required<Omit<Sides, 'cut'>> {
  return { server: { transport: http2() }, client: { transport: http2() } };
}

function both(one: Sides, other: Sides): Sides {
  return {
    server: { ...one.server, ...other.server },
    client: { ...one.client, ...other.client },
  };
}

function inMemory(): Required<Sides> {
  const transport = new MemoryTransport();
  return { server: { transport }, client: { transport }, cut: () => transport.disconnect() };
}

function passingThrough(sides: Sides, ofClient: ClientInterceptor): Sides {
  return {
    ...sides,
    server: { ...sides.server, interceptors: [passOn] },
    client: { ...sides.client, interceptors: [ofClient] },
  };
}

const passOn: Interceptor = (_call, next) => next();

/** All messages then go through the interceptor's pair of streams. */
const touchAndPassOn: ClientInterceptor = (call, next) => {
  void call.stream;
  return next();
};

let authority: Authority | undefined;

/** Each side trusts the other's authority, one for all the tests of a file. */
function secured(): Sides {
  authority ??= new Authority();
  const { cert: ca } = authority;
  return {
    server: { tls: { ...authority.issue(), ca } },
    client: { tls: { ca, ...authority.issue() } },
  };
}

export interface RigOptions extends Omit<ServerOptions, 'transport' | 'onError'> {
  /** Puts a proxy between the two that `cut()` cuts. */
  readonly cuttable?: boolean;
  /** The test ends calls by force, or leaves a peer stalled: closing need not drain. */
  readonly byForce?: boolean;
  /** What the client is told besides its transport. */
  readonly client?: Omit<ConnectOptions, 'transport'>;
}

/** A server and a client of one test. */
export interface Rig {
  readonly server: Server;
  readonly client: Client;
  readonly stub: StoryStub;
  /** What to connect to. */
  readonly address: string;
  readonly transport: Transport | undefined;
  /** What else to tell `connect`. */
  readonly connecting: ConnectOptions;
  /** What onError has heard and the test expected; what is left at the end fails the test. */
  takeErrors(): unknown[];
  /** What the diagnostics have found and the test expected; as with errors. */
  takeFindings(): Finding[];
  /** Loses every connection. */
  cut(): void;
}

/** Milliseconds after which calls that stand still are reported, and fail the test. */
const STANDSTILL = 5_000;

/** A server with these handlers and a client of it, both closed when the test is over. */
export async function rig(
  name: TransportName,
  handlers: Handlers,
  options: RigOptions = {},
): Promise<Rig> {
  const { cuttable = false, byForce = false, client: ofClient, ...serverOptions } = options;
  const sides: Sides = SIDES[name]();
  let errors: unknown[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
  };
  let findings: Finding[] = [];
  const report = (finding: Finding): void => void findings.push(finding);
  const diagnose = { report, after: STANDSTILL };
  const server = new Server({ diagnose, ...sides.server, ...serverOptions, onError });
  server.add(Stories, handlers as HandlersOf<Methods>);
  let { address } = await server.listen('127.0.0.1:0');
  let cut = sides.cut ?? ((): void => {});
  if (cuttable && sides.cut === undefined) {
    const proxy = await startProxy(Number(address.split(':')[1]));
    ({ address, cut } = proxy);
    closers.push(proxy.close);
  }
  // The port may have been another test's a moment ago: nothing of its connections is shared.
  const own = sides.cut === undefined ? { ownConnections: true } : {};
  const client = connect(address, { diagnose, ...own, ...sides.client, ...ofClient });
  closers.push(async () => {
    await within(10_000, client.close(), 'the client to close');
    const closed = server.close({ grace: byForce ? 0 : 20_000 });
    await within(10_000, closed, 'the server to close: one of its calls is still open');
    expect(errors).toEqual([]);
    expect(findings.map(({ message }) => message)).toEqual([]);
  });
  return {
    server,
    client,
    stub: client.stub(Stories),
    address,
    transport: sides.client?.transport,
    connecting: sides.client ?? {},
    cut,
    takeErrors: () => {
      const taken = errors;
      errors = [];
      return taken;
    },
    takeFindings: () => {
      const taken = findings;
      findings = [];
      return taken;
    },
  };
}

/** Closes something when the test is over; what was opened last first. */
export function whenOver(close: () => unknown): void {
  closers.push(async () => {
    await close();
  });
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  const failures: unknown[] = [];
  for (const close of closers.splice(0).reverse()) {
    await close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
});

/** The promise's result; fails, saying what it waited for, if that takes longer than `ms`. */
export async function within<T>(ms: number, promise: PromiseLike<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long whatever must happen soon may take on a busy machine. */
const SOON = 10_000;

/** As `within`, with a limit that fits what should happen at once. */
export function soon<T>(promise: PromiseLike<T>, what: string): Promise<T> {
  return within(SOON, promise, what);
}

/** What the promise rejects with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  const outcome = await soon(
    promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
    'a rejection',
  );
  if (!('error' in outcome)) {
    throw new Error(`expected a rejection, got ${JSON.stringify(outcome.value)}`);
  }
  return outcome.error;
}

/** A promise and what settles it. */
export interface Later<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export function later<T = void>(): Later<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The reason of the signal, once it aborts. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.resolve(signal.reason);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}

/** Lets the event loop turn: what was already due has then happened. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The value, once it has stayed the same for a while; for what must *not* go on. */
export async function atRest(value: () => number): Promise<number> {
  for (let same = 0, last = value(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    same = value() === last ? same + 1 : 0;
    last = value();
    if (same === 4) return last;
  }
}

/** Everything that is still to come. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const messages: T[] = [];
  for await (const each of stream) messages.push(each);
  return messages;
}

/** Messages numbered from 0. */
export function* numbered(count: number, text?: string): Generator<Message> {
  for (let n = 0; n < count; n += 1) yield text === undefined ? { n } : { n, text };
}

/** A TCP proxy on 127.0.0.1 whose connections can be cut. */
export async function startProxy(
  port: number,
): Promise<{ address: string; cut(): void; close(): Promise<void>; stall(): void }> {
  const sockets = new Set<Socket>();
  const proxy = createServer({ noDelay: true }, (near) => {
    const far = connectSocket({ port, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(proxy.address() as { port: number }).port}`,
    cut,
    stall: () => {
      for (const socket of sockets) socket.unpipe();
    },
    close: () =>
      new Promise((resolve) => {
        cut();
        proxy.close(() => resolve());
      }),
  };
}
