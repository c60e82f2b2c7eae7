import { connect as connectSocket } from 'node:net';
import { connect, EOF } from 'tributary';
import {
  type Handlers,
  type Rig,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
  within,
} from '../stories/harness.js';
import { streamsOpened } from './frames.js';
import { mutate } from './mutate.js';
import { Random } from './random.js';
import type { FuzzedTransport, Recording } from './recording.js';

/** What the handlers of a server have gone through, by the client's address. */
class Witness {
  readonly faults: string[] = [];
  readonly #begun = new Map<string, number>();
  #open = 0;

  /** How many handlers have not come to an end. */
  get open(): number {
    return this.#open;
  }

  /** How many calls of a client have been handled since this was asked. */
  takeBegun(peer: string): number {
    const count = this.#begun.get(peer) ?? 0;
    this.#begun.delete(peer);
    return count;
  }

  /** Runs a handler; `said` is told of each end that it hears. */
  async watch<T>(
    ctx: { peer: string; signal: AbortSignal },
    run: (said: (end: string) => void) => Promise<T>,
  ): Promise<T> {
    this.#begun.set(ctx.peer, (this.#begun.get(ctx.peer) ?? 0) + 1);
    this.#open += 1;
    const ends: string[] = [];
    let aborts = 0;
    ctx.signal.addEventListener('abort', () => {
      aborts += 1;
    });
    try {
      return await run((end) => ends.push(end));
    } finally {
      this.#open -= 1;
      if (new Set(ends).size > 1 || aborts > 1) {
        this.faults.push(`a handler heard ${ends} and ${aborts} aborts`);
      }
    }
  }
}

/** Reads to the end of every stream, and once more; echoes where it can. */
function handlersOf(witness: Witness): Handlers {
  return {
    unary: (request, ctx) => witness.watch(ctx, async () => request),
    serverStream: ({ n }, ctx, stream) =>
      witness.watch(ctx, async () => {
        for (let i = 0; i < Math.min(Number(n) || 0, 5); i += 1) await stream.write({ n: i });
      }),
    clientStream: (stream, ctx) =>
      witness.watch(ctx, async (said) => {
        let n = 0;
        for (; (await noted(stream.read(), said)) !== EOF; n += 1);
        await noted(stream.read(), said);
        return { n };
      }),
    bidiStream: (stream, ctx) =>
      witness.watch(ctx, async (said) => {
        for (;;) {
          const message = await noted(stream.read(), said);
          if (message === EOF) break;
          await stream.write(message);
        }
        await noted(stream.read(), said);
      }),
  };
}

async function noted<T>(read: Promise<T | EOF>, said: (end: string) => void): Promise<T | EOF> {
  try {
    const message = await read;
    if (message === EOF) said('EOF');
    return message;
  } catch (error) {
    said(String(error));
    throw error;
  }
}

/** A server to send mutated bytes to. */
export class FuzzedServer {
  readonly #rig: Rig;
  readonly #witness: Witness;

  private constructor(its: Rig, witness: Witness) {
    this.#rig = its;
    this.#witness = witness;
  }

  static async start(transport: FuzzedTransport): Promise<FuzzedServer> {
    const witness = new Witness();
    // Of some breaches of the protocol Node tells nobody, and reads no further: pings find that out.
    const keepalive = { time: 100, timeout: 150 };
    const limits = { handshakeTimeout: 500, keepalive, byForce: true };
    return new FuzzedServer(await rig(transport, handlersOf(witness), limits), witness);
  }

  /** Sends what input `seed` is; what is wrong with what came of it. */
  async attack(recordings: readonly Recording[], seed: number): Promise<string[]> {
    const random = new Random(seed);
    const all = recordings.map(({ requests }) => requests);
    const bytes = mutate(random.pick(all), all, random);
    const peer = await this.#send(bytes, random);
    const begun = this.#witness.takeBegun(peer);
    const most = streamsOpened(bytes);
    return begun <= most ? [] : [`${begun} calls were handled of ${most} that were made`];
  }

  /** The process lives, every handler has ended, and a call on another connection is answered. */
  async check(): Promise<string[]> {
    const { address, connecting } = this.#rig;
    const faults = this.#witness.faults.splice(0);
    const canary = connect(address, { ...connecting, ownConnections: true });
    whenOver(() => canary.close());
    try {
      const reply = await soon(canary.stub(Stories).unary({ n: 7 }), 'the canary');
      if (reply.n !== 7) faults.push(`the canary was answered ${reply.n}`);
      await within(15_000, this.#allEnded(), `${this.#witness.open} handlers to end`);
    } catch (error) {
      faults.push(String(error));
    }
    await canary.close();
    for (const error of this.#rig.takeErrors()) faults.push(`onError heard ${String(error)}`);
    return faults;
  }

  async #allEnded(): Promise<void> {
    for (const end = Date.now() + 3_000; this.#witness.open > 0 && Date.now() < end; ) {
      await turns(5);
    }
    if (this.#witness.open > 0) await new Promise(() => {});
  }

  /** Sends the bytes in a few pieces and goes away; gives the address that they came from. */
  async #send(bytes: Buffer, random: Random): Promise<string> {
    const port = Number(this.#rig.address.split(':')[1]);
    const socket = connectSocket({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    let answered = 0;
    socket.on('data', () => {
      answered += 1;
    });
    await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
    const peer = `${socket.localAddress}:${socket.localPort}`;
    // Another connection may have had the port before, and its handlers begun late.
    this.#witness.takeBegun(peer);
    const pieces = 1 + random.below(4);
    for (let i = 0; i < pieces && socket.writable; i += 1) {
      const size = Math.ceil(bytes.length / pieces);
      socket.write(bytes.subarray(i * size, (i + 1) * size));
      await turns(random.below(3));
    }
    for (let last = -1; last !== answered && !socket.destroyed; ) {
      last = answered;
      await turns(5);
    }
    const goodbye = random.below(3);
    if (goodbye === 0) socket.resetAndDestroy();
    else if (goodbye === 1) socket.end(() => setImmediate(() => socket.destroy()));
    else socket.destroy();
    await within(15_000, closed, 'the socket to close');
    await turns(2);
    return peer;
  }
}
