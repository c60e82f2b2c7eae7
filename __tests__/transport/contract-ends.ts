import { Metadata, Status, type StatusObject, type Transport } from 'tributary';
import { EncodedMessage } from '../../lib/base/encoded-message.js';
import type {
  ClientCallListener,
  ClientTransport,
  ClientWire,
  OutgoingCall,
} from '../../lib/call/client-transport.js';
import type {
  CancelReason,
  ServerCallListener,
  ServerTransport,
  ServerWire,
} from '../../lib/call/server-transport.js';
import { soon, whenOver } from '../stories/harness.js';

const PATH = '/contract.Test/Method';

/** Something that waits for what it has been told. */
abstract class Told {
  abstract readonly wire: { request(): void };
  /** What has been told, in order: 'headers', 'message 1', 'status OK' … */
  readonly events: string[] = [];
  /** Resolves when it is told the end: the status, or that the call was cancelled. */
  readonly ended: Promise<void>;
  readonly #waiting = new Set<() => void>();
  #asked = 0;
  #greedy = false;

  constructor() {
    this.ended = this.#until(() => /^(status|cancel)/.test(this.events.at(-1) ?? ''));
  }

  /** Asks for one more, unless that has been done: never twice without a message between. */
  ask(): void {
    if (this.#asked > this.messageCount) return;
    this.#asked += 1;
    this.wire.request();
  }

  /** Asks for all there is. */
  readAll(): this {
    this.#greedy = true;
    this.ask();
    return this;
  }

  onMessage(bytes: Uint8Array): void {
    this.tell(`message ${Buffer.from(bytes).toString()}`);
    if (this.#greedy) this.ask();
  }

  /** Resolves when the last event is this one. */
  async last(event: string): Promise<void> {
    await soon(
      this.#until(() => this.events.at(-1) === event),
      `'${event}' of ${this.events}`,
    );
  }

  /** Resolves when so many messages have come. */
  async messages(count: number): Promise<void> {
    await soon(
      this.#until(() => this.messageCount >= count),
      `${count} messages`,
    );
  }

  get messageCount(): number {
    return this.events.filter((event) => event.startsWith('message')).length;
  }

  protected tell(event: string): void {
    this.events.push(event);
    for (const check of this.#waiting) check();
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}

/** A call as its client has it. */
export class Caller extends Told implements ClientCallListener {
  readonly wire: ClientWire;
  /** What had been told before `open` came back: nothing. */
  readonly toldInside: readonly string[];
  headers: Metadata | undefined;
  status: StatusObject | undefined;

  constructor(transport: ClientTransport, call: Partial<OutgoingCall> = {}) {
    super();
    this.wire = transport.open(
      {
        path: PATH,
        metadata: new Metadata(),
        deadline: Infinity,
        waitForReady: undefined,
        compression: undefined,
        ...call,
      },
      this,
    );
    this.toldInside = [...this.events];
  }

  onHeaders(headers: Metadata): void {
    this.headers = headers;
    this.tell('headers');
  }

  onStatus(status: StatusObject): void {
    this.status = status;
    this.tell(`status ${status.code}`);
  }
}

/** The same call as its server has it. */
export class Answerer extends Told implements ServerCallListener {
  readonly wire: ServerWire;

  constructor(wire: ServerWire) {
    super();
    this.wire = wire;
  }

  start(): void {
    this.tell('start');
  }

  onHalfClose(): void {
    this.tell('half-close');
  }

  onCancel(reason: CancelReason): void {
    this.tell(`cancel: ${reason}`);
  }

  finish(code: number = Status.OK, details = ''): void {
    this.wire.finish({ code, details, trailers: new Metadata() });
  }
}

/** Both ends of a transport. */
export interface Ends {
  readonly client: ClientTransport;
  readonly server: ServerTransport;
  readonly address: string;
  /** The next call that comes in. */
  answerer(): Promise<Answerer>;
  /** A call, from both sides. */
  call(call?: Partial<OutgoingCall>): Promise<[Caller, Answerer]>;
}

/** A server that listens and a client of it, until the test is over. */
export async function endsOf(transport: Transport): Promise<Ends> {
  const server = transport.server({});
  const come: Answerer[] = [];
  const waiting: ((answerer: Answerer) => void)[] = [];
  server.handle(PATH, true, (wire) => {
    const answerer = new Answerer(wire);
    const take = waiting.shift();
    // What is told first is told after this.
    if (take === undefined) come.push(answerer);
    else take(answerer);
    return answerer;
  });
  const { address } = await server.listen('127.0.0.1:0');
  const client = transport.client(address, {});
  whenOver(() => {
    client.close();
    server.destroy();
  });
  const answerer = async (): Promise<Answerer> => {
    const first = come.shift();
    if (first !== undefined) return first;
    return await soon(new Promise<Answerer>((resolve) => waiting.push(resolve)), 'a call');
  };
  return {
    client,
    server,
    address,
    answerer,
    call: async (call) => {
      const caller = new Caller(client, call);
      return [caller, await answerer()];
    },
  };
}

export function raw(...messages: (string | number)[]): EncodedMessage[] {
  return messages.map((message) => EncodedMessage.of(Buffer.from(String(message))));
}

/** Metadata with one text a key. */
export function textMetadata(texts: { readonly [key: string]: string }): Metadata {
  const metadata = new Metadata();
  for (const [key, text] of Object.entries(texts)) metadata.set(key, text);
  return metadata;
}
