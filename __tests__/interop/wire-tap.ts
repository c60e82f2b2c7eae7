import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { soon } from '../stories/harness.js';
import { FrameScanner } from './frame-scanner.js';
import { MessageScanner, type TappedMessage } from './message-scanner.js';

/** What was seen of one call. */
export interface TappedCall {
  readonly requests: readonly TappedMessage[];
  readonly replies: readonly TappedMessage[];
  /** Whether the client has reset its stream. */
  readonly reset: boolean;
}

const HEADERS = 1;
const RST_STREAM = 3;

/**
 * A TCP proxy that reads along: which messages went compressed, and which calls were given up.
 *
 * What libraries hide from those who call and those who answer stands in the five bytes before each
 * message. Bytes are looked at before they are passed on.
 */
export class WireTap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Map<string, SeenCall[]>();
  #calls: SeenCall[] = [];
  #wake: (() => void) | undefined;

  private constructor(serverPort: number) {
    this.#server = createServer((near) => this.#join(near, connect(serverPort, '127.0.0.1')));
  }

  /** In front of the server on this port of 127.0.0.1. */
  static async start(serverPort: number): Promise<WireTap> {
    const tap = new WireTap(serverPort);
    await once(tap.#server.listen(0, '127.0.0.1'), 'listening');
    return tap;
  }

  /** What clients connect to, on 127.0.0.1. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The calls since the last `forget()`, in the order in which they began. */
  get calls(): readonly TappedCall[] {
    return this.#calls;
  }

  forget(): void {
    this.#calls = [];
  }

  /** The latest call on the connection from this address, as its server sees it. */
  latestFrom(peer: string): TappedCall {
    const [, port] = /(\d+)$/.exec(peer) ?? [];
    const call = this.#connections.get(port ?? '')?.at(-1);
    if (call === undefined) throw new Error(`no call has come from ${peer}`);
    return call;
  }

  /** Waits until what was seen fulfils the condition. */
  async until(condition: () => boolean, what: string): Promise<void> {
    while (!condition()) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await soon(woken, what);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, far: Socket): void {
    const calls: SeenCall[] = [];
    const byStream = new Map<number, SeenCall>();
    far.once('connect', () => this.#connections.set(String(far.localPort), calls));
    const requests = new FrameScanner(PREFACE_LENGTH, (frame) => {
      let call = byStream.get(frame.stream);
      if (frame.type === HEADERS && call === undefined) {
        call = new SeenCall();
        byStream.set(frame.stream, call);
        calls.push(call);
        this.#calls.push(call);
      }
      if (frame.type === RST_STREAM && call !== undefined) call.reset = true;
      if (frame.data !== undefined) call?.ofRequests.take(frame.data);
      this.#wake?.();
    });
    const replies = new FrameScanner(0, ({ stream, data }) => {
      if (data !== undefined) byStream.get(stream)?.ofReplies.take(data);
    });
    this.#pass(near, far, requests);
    this.#pass(far, near, replies);
  }

  #pass(from: Socket, to: Socket, scanner: FrameScanner): void {
    this.#sockets.add(from);
    from.setNoDelay(true); // what a case takes is then its own time
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    // In a pipe the listener that was there first hears of a chunk first.
    from.on('data', (chunk: Buffer) => scanner.take(chunk));
    from.pipe(to);
  }
}

/** `PRI * HTTP/2.0`, with which a client begins. */
const PREFACE_LENGTH = 24;

class SeenCall implements TappedCall {
  readonly ofRequests = new MessageScanner();
  readonly ofReplies = new MessageScanner();
  reset = false;

  get requests(): readonly TappedMessage[] {
    return this.ofRequests.messages;
  }

  get replies(): readonly TappedMessage[] {
    return this.ofReplies.messages;
  }
}
