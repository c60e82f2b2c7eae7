/** Type tests of what may be said of clients, servers and calls; see surface.ts. */
import {
  authenticate,
  type CallContext,
  type CallCredentials,
  type CallOptions,
  type Client,
  type ClientInterceptor,
  type ClientOptions,
  type ConnectOptions,
  connect,
  grpc,
  json,
  loadProto,
  logging,
  type ReadStream,
  Server,
  type ServerInterceptor,
  type ServerOptions,
  unary,
} from 'tributary';

declare const client: Client;
declare const ctx: CallContext;
declare const ofClient: ClientInterceptor;
declare const ofServer: ServerInterceptor;
declare const signal: AbortSignal;

export function clients(): void {
  const credentials: CallCredentials = async ({ path, signal: cancelled }) => ({
    authorization: cancelled.aborted ? '' : path,
  });
  const options: ConnectOptions = {
    tls: { caFile: 'ca.pem', certFile: 'cert.pem', keyFile: 'key.pem', serverName: 'a.example' },
    credentials,
    interceptors: [ofClient, logging()],
    maxReceiveMessageSize: Infinity,
    reconnectBackoff: { initial: 100, max: 5_000 },
  };
  connect('a:1', options);
  options satisfies ClientOptions;
  connect('a:1', { tls: true });
  // What is only sometimes there need not be left out.
  connect('a:1', { tls: undefined, credentials: undefined, retry: undefined, proxy: undefined });
  // @ts-expect-error only a server asks for certificates
  connect('a:1', { tls: { clientCertificate: 'require' } });
  // @ts-expect-error verification cannot be switched off
  connect('a:1', { tls: { rejectUnauthorized: false } });
  // @ts-expect-error files are named by caFile
  connect('a:1', { tls: { ca: { path: 'ca.pem' } } });
  // @ts-expect-error a server's interceptor
  connect('a:1', { interceptors: [ofServer] });
  // @ts-expect-error interceptors are a list
  connect('a:1', { interceptors: ofClient });
  // @ts-expect-error credentials are fetched by a function
  connect('a:1', { credentials: { authorization: 'x' } });
  // @ts-expect-error an option of calls
  connect('a:1', { timeout: 5 });
  // @ts-expect-error an option of servers
  connect('a:1', { maxConnections: 5 });
  // @ts-expect-error options are not changed afterwards
  options.tls = true;
  // @ts-expect-error milliseconds are a number
  void client.waitForReady('5s');
  void client.waitForReady({ timeout: 5, signal });
  // @ts-expect-error grace is an option
  void client.close(5);
}

export function servers(): void {
  const options: ServerOptions = {
    tls: {
      certFile: 'cert.pem',
      keyFile: 'key.pem',
      caFile: 'ca.pem',
      clientCertificate: 'request',
    },
    interceptors: [ofServer, authenticate(() => 1)],
    onError: (error, { method, peer }) => console.error(method, peer, error),
    closeOnSignals: { signals: ['SIGTERM'], grace: 10_000 },
    maxCallDuration: 60_000,
    maxConcurrentCalls: 100,
    maxQueuedCalls: 500,
    keepalive: { time: 30_000, timeout: 5_000 },
    highWaterMark: 1024,
  };
  new Server(options);
  new Server({ tls: undefined, onError: undefined, closeOnSignals: true, keepalive: false });
  // @ts-expect-error a server needs its certificate
  new Server({ tls: true });
  // @ts-expect-error only a client looks at the server's name
  new Server({ tls: { serverName: 'a.example' } });
  // @ts-expect-error no such choice
  new Server({ tls: { clientCertificate: 'optional' } });
  // @ts-expect-error a client's interceptor
  new Server({ interceptors: [ofClient] });
  // @ts-expect-error only clients have credentials
  new Server({ credentials: async () => ({}) });
  // @ts-expect-error only clients make calls again
  new Server({ retry: {} });
  // @ts-expect-error a server's pings know no calls
  new Server({ keepalive: { withoutCalls: true } });
  // @ts-expect-error no such signal
  new Server({ closeOnSignals: { signals: ['SIGFOO'] } });
  // @ts-expect-error options are not changed afterwards
  options.maxConcurrentCalls = 5;
  // @ts-expect-error an address is text
  void new Server().listen(50051);
  // @ts-expect-error grace is an option
  void new Server().close(5);
}

export function calls(reads: ReadStream<string>): void {
  const options: CallOptions = {
    timeout: 5,
    connectTimeout: 5,
    idleTimeout: 5,
    deadline: new Date(),
    signal,
    parent: ctx,
    metadata: { 'x-tag': ['a', 'b'], 'x-trace-bin': new Uint8Array() },
    onHeaders: (headers) => headers.get('x-tag'),
    onTrailers: (trailers) => trailers.get('x-tag'),
    interceptors: [ofClient],
    credentials: async () => ({ authorization: 'x' }),
    waitForReady: true,
    compression: 'deflate',
    prefetchBytes: 1024,
  };
  options satisfies CallOptions;
  ({ timeout: undefined, parent: undefined, metadata: undefined }) satisfies CallOptions;
  // @ts-expect-error a moment is a Date
  ({ deadline: Date.now() }) satisfies CallOptions;
  // @ts-expect-error a context, not its signal
  ({ parent: ctx.signal }) satisfies CallOptions;
  // @ts-expect-error a server's interceptor
  ({ interceptors: [ofServer] }) satisfies CallOptions;
  // @ts-expect-error an option of connections
  ({ retry: {} }) satisfies CallOptions;
  // @ts-expect-error no such compression
  ({ compression: 'br' }) satisfies CallOptions;
  // @ts-expect-error credentials are fetched by a function
  ({ credentials: { authorization: 'x' } }) satisfies CallOptions;
  // @ts-expect-error an unknown option
  void reads.readBatch(5, { time: 5 });
  // @ts-expect-error an unknown option
  reads.values({ prevent: true });
}

export function others(): void {
  grpc({ admin: true, channelOptions: { 'grpc.enable_channelz': 1 } });
  // @ts-expect-error an unknown option
  grpc({ channelz: true });
  void loadProto('a.proto', { includeDirs: ['proto'] });
  // @ts-expect-error an unknown option
  void loadProto('a.proto', { include: ['proto'] });
  unary(json<string>(), json<string>(), { name: 'say' });
  // @ts-expect-error an unknown option
  unary(json<string>(), json<string>(), { path: '/a/b' });
  logging({ log: ({ path, code, duration }) => console.log(path, code, duration), messages: true });
  // @ts-expect-error log is an option
  logging(console.log);
  authenticate((token, { peer }) => `${token} ${peer}`, { except: ['/a.B/C'] });
  // @ts-expect-error a list of paths
  authenticate(() => 1, { except: '/a.B/C' });
  // @ts-expect-error it is told the token
  authenticate((token: number) => token);
}
