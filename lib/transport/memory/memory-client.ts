import { limitedWait } from '../../base/limited-wait.js';
import type {
  ClientCallListener,
  ClientTransport,
  ClientWire,
  OutgoingCall,
} from '../../call/client-transport.js';
import { RpcError } from '../../status/rpc-error.js';
import { Status } from '../../status/status.js';
import { MemoryCall } from './memory-call.js';
import type { MemoryServerTransport } from './memory-server.js';

/** A client's end of a MemoryTransport. */
export class MemoryClientTransport implements ClientTransport {
  /** What stays in the process, nobody reads. */
  readonly secure = true;
  readonly #target: string;
  readonly #find: (name: string) => MemoryServerTransport | undefined;
  readonly #waitForReady: boolean;
  readonly #onClose: () => void;
  readonly #calls = new Set<MemoryCall>();
  /** Calls and others that wait for a server of this name. */
  readonly #waiting = new Set<(server: MemoryServerTransport) => void>();
  readonly #closed = new AbortController();

  constructor(
    target: string,
    find: (name: string) => MemoryServerTransport | undefined,
    waitForReady: boolean,
    onClose: () => void,
  ) {
    this.#target = target;
    this.#waitForReady = waitForReady;
    this.#find = find;
    this.#onClose = onClose;
  }

  open(outgoing: OutgoingCall, listener: ClientCallListener): ClientWire {
    const call = new MemoryCall(outgoing, listener, this.#target);
    this.#calls.add(call);
    call.whenEnded(() => this.#calls.delete(call));
    const server = this.#find(this.#target);
    if (server !== undefined) server.take(call, outgoing.path);
    else if (outgoing.waitForReady ?? this.#waitForReady) {
      const take = (appeared: MemoryServerTransport): void => appeared.take(call, outgoing.path);
      this.#waiting.add(take);
      call.whenEnded(() => this.#waiting.delete(take));
    } else call.reject(Status.UNAVAILABLE, `no server listens on ${this.#target}`);
    return call.client;
  }

  waitForReady(timeout: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#find(this.#target) !== undefined) return Promise.resolve();
    return limitedWait({ timeout, signal, late: () => this.#notReady(timeout) }, (wait) => {
      const onServer = (): void => wait.resolve();
      const onClose = (): void => wait.reject(closed());
      this.#closed.signal.addEventListener('abort', onClose);
      this.#waiting.add(onServer);
      return () => {
        this.#closed.signal.removeEventListener('abort', onClose);
        this.#waiting.delete(onServer);
      };
    });
  }

  /** A server began to listen: perhaps the one that somebody waits for. */
  serverAppeared(): void {
    const server = this.#find(this.#target);
    if (server === undefined) return;
    for (const tell of this.#waiting) tell(server);
    this.#waiting.clear();
  }

  disconnect(): void {
    for (const call of this.#calls) call.disconnect();
  }

  close(): void {
    this.disconnect();
    this.#closed.abort();
    this.#onClose();
  }

  #notReady(timeout: number): RpcError {
    return new RpcError(
      Status.DEADLINE_EXCEEDED,
      `no server listens on ${this.#target}, not within ${timeout} ms either`,
    );
  }
}

function closed(): RpcError {
  return new RpcError(Status.UNAVAILABLE, 'the client is closed');
}
