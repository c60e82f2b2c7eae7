import {
  type BidiStream,
  type Client,
  type ClientStream,
  connect,
  type Handlers,
  loadService,
  MemoryTransport,
  Server,
  type ServerOptions,
  type ServerStream,
  type Stub,
  type Unary,
} from 'tributary';

/** What the snippets of the documentation have hidden above them. */
export type Hello = { name: string };
export type Reply = { message: string };
export type Methods = {
  unary: Unary<Hello, Reply>;
  serverStream: ServerStream<Hello, Reply>;
  clientStream: ClientStream<Hello, Reply>;
  biStream: BidiStream<Hello, Reply>;
};

export const Greeter = await loadService<Methods>('proto/greeter.proto', 'samples.Greeter');

const plain: Handlers<Methods> = {
  unary: ({ name }) => ({ message: `Hello, ${name}!` }),
  *serverStream({ name }) {
    yield { message: 'Hello' };
    yield { message: name };
  },
  async clientStream(requests) {
    const names: string[] = [];
    for await (const { name } of requests) names.push(name);
    return { message: `Hello, ${names.join(' and ')}!` };
  },
  async *biStream(requests) {
    for await (const { name } of requests) yield { message: `Hello, ${name}!` };
  },
};

/** A server and a client for it; both are closed when it is disposed of. */
export class Greeting implements AsyncDisposable {
  readonly transport: MemoryTransport;
  readonly server: Server;
  readonly client: Client;
  readonly stub: Stub<Methods>;
  /** As a socket would: `AbortSignal.timeout` alone does not keep the process going. */
  readonly #alive = setInterval(() => {}, 60_000);

  private constructor(transport: MemoryTransport, server: Server) {
    this.transport = transport;
    this.server = server;
    this.client = connect('greeter', { transport });
    this.stub = this.client.stub(Greeter);
  }

  /** Handlers that are not given greet as usual. */
  static async start(
    handlers: Partial<Handlers<Methods>> = {},
    options: ServerOptions = {},
  ): Promise<Greeting> {
    const transport = new MemoryTransport();
    const server = new Server({ ...options, transport });
    server.add(Greeter, { ...plain, ...handlers });
    await server.listen('greeter');
    return new Greeting(transport, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.server.close({ grace: 0 });
    clearInterval(this.#alive);
  }
}

/** Calls all four methods, in iterator style, and gives what they answered. */
export async function callAll(handlers: Handlers<Methods>): Promise<string> {
  await using greeting = await Greeting.start(handlers);
  const { stub } = greeting;
  const names = [{ name: 'Ada' }, { name: 'Alan' }];
  const replies = [(await stub.unary({ name: 'Ada' })).message];
  for await (const { message } of stub.serverStream({ name: 'Ada' })) replies.push(message);
  replies.push((await stub.clientStream(names)).message);
  for await (const { message } of stub.biStream(names)) replies.push(message);
  return replies.join(' ');
}

/** What `callAll` gives when the handlers do what they should. */
export const ALL_GREETED = 'Hello, Ada! Hello Ada Hello, Ada and Alan! Hello, Ada! Hello, Alan!';
