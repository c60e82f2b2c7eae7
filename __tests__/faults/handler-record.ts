import { type CallContext, RpcError, statusName } from 'tributary';

/** What an error is called in the tables: the name of its status. */
export function nameOf(error: unknown): string {
  return RpcError.is(error) ? statusName(error.code) : String(error);
}

/** Follows handlers, and notes how each is told of its end. */
export class HandlerRecord {
  readonly #calls: string[][] = [];
  #running = 0;

  get begun(): number {
    return this.#calls.length;
  }

  get running(): number {
    return this.#running;
  }

  /** What each handler was told, in the order in which they began; one word each if all is well. */
  get ends(): string[] {
    return this.#calls.map((told) => told.join(' and '));
  }

  /** A handler that does no more than answer. */
  once<T>(result: T): T {
    this.#calls.push(['done']);
    return result;
  }

  /**
   * Runs a handler.
   *
   * @param handle - gives its result and how it came to it, such as 'EOF'
   */
  async follow<T>(ctx: CallContext, handle: () => Promise<readonly [T, string]>): Promise<T> {
    const told: string[] = [];
    this.#calls.push(told);
    this.#running += 1;
    ctx.signal.addEventListener('abort', () => told.push(nameOf(ctx.signal.reason)));
    try {
      const [result, end] = await handle();
      told.push(end);
      return result;
    } catch (error) {
      if (!ctx.signal.aborted) told.push(nameOf(error));
      throw error;
    } finally {
      this.#running -= 1;
    }
  }
}
