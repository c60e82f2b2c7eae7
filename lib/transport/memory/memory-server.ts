import type { AcceptCall, ListenResult, ServerTransport } from '../../call/server-transport.js';
import { Status } from '../../status/status.js';
import type { MemoryCall } from './memory-call.js';

/** Where names are given to servers. */
interface Names {
  bind(name: string, server: MemoryServerTransport): ListenResult;
  unbind(server: MemoryServerTransport): void;
}

/** A server's end of a MemoryTransport. */
export class MemoryServerTransport implements ServerTransport {
  readonly #names: Names;
  readonly #accepts = new Map<string, AcceptCall>();
  readonly #calls = new Set<MemoryCall>();
  #onIdle: (() => void) | undefined;

  constructor(names: Names) {
    this.#names = names;
  }

  handle(path: string, _requestStream: boolean, accept: AcceptCall): void {
    this.#accepts.set(path, accept);
  }

  async listen(address: string): Promise<ListenResult> {
    return this.#names.bind(address, this);
  }

  /** Takes a call from a client. */
  take(call: MemoryCall, path: string): void {
    if (call.ended) return;
    const accept = this.#accepts.get(path);
    if (accept === undefined) {
      call.reject(Status.UNIMPLEMENTED, `The server does not implement the method ${path}`);
      return;
    }
    this.#calls.add(call);
    call.whenEnded(() => {
      this.#calls.delete(call);
      if (this.#calls.size === 0) this.#onIdle?.();
    });
    call.deliverTo(accept);
  }

  drain(): Promise<void> {
    this.#names.unbind(this);
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  destroy(): void {
    for (const call of this.#calls) call.disconnect();
  }
}
