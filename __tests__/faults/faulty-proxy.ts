import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Who speaks: the client that connected to the proxy, or the server behind it. */
export type Side = 'client' | 'server';

/**
 * A path between a client and a server that goes wrong when it is told to. It is a TCP proxy on
 * 127.0.0.1; whatever is said of it holds for all its connections, those to come included.
 */
export class FaultyProxy {
  readonly #server: Server;
  readonly #port: number;
  readonly #links = new Set<{ readonly [side in Side]: Socket }>();
  #delay = 0;
  #bytesPerSecond = Infinity;
  #isBlackHole = false;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#link(socket),
    );
  }

  /** @param port - of the server */
  static async start(port: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(port);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** Holds what comes for so many milliseconds. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  throttle(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Resets every connection, on both sides. */
  cut(): void {
    for (const { client, server } of this.#links) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** As if this side had sent all that it had to say; it is still spoken to. */
  halfClose(side: Side): void {
    for (const link of this.#links) link[side === 'client' ? 'server' : 'client'].end();
  }

  /** Takes nothing from either side any more, and tells neither that the other has gone. */
  blackHole(): void {
    this.#isBlackHole = true;
    for (const { client, server } of this.#links) {
      client.pause();
      server.pause();
    }
  }

  /** Leaves a half-open connection: this side is gone, and the other has not been told. */
  vanish(side: Side): void {
    this.blackHole();
    for (const link of this.#links) link[side].resetAndDestroy();
  }

  /** The connections to come are as good as any. */
  heal(): void {
    this.#isBlackHole = false;
    this.#delay = 0;
    this.#bytesPerSecond = Infinity;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #link(client: Socket): void {
    const server = connect({
      port: this.#port,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    });
    const link = { client, server };
    this.#links.add(link);
    this.#carry(client, server, link);
    this.#carry(server, client, link);
  }

  #carry(from: Socket, to: Socket, link: { readonly [side in Side]: Socket }): void {
    let timer: NodeJS.Timeout | undefined;
    from.on('error', () => {});
    from.on('data', (chunk: Buffer) => {
      from.pause();
      const wait = this.#delay + (chunk.length / this.#bytesPerSecond) * 1_000;
      const pass = (): void => {
        if (!this.#isBlackHole && !to.destroyed) to.write(chunk, () => this.#resume(from));
      };
      if (wait > 0) timer = setTimeout(pass, wait);
      else pass();
    });
    from.on('end', () => {
      if (!this.#isBlackHole) to.end();
    });
    from.on('close', () => {
      clearTimeout(timer);
      if (!this.#isBlackHole) to.destroy();
      if (from.destroyed && to.destroyed) this.#links.delete(link);
    });
  }

  #resume(from: Socket): void {
    if (!this.#isBlackHole) from.resume();
  }
}
