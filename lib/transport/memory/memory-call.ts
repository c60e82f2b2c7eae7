import type { ClientCallListener, ClientWire, OutgoingCall } from '../../call/client-transport.js';
import type {
  AcceptCall,
  CancelReason,
  ServerCallListener,
  ServerWire,
} from '../../call/server-transport.js';
import { NO_AUTH } from '../../context/auth-context.js';
import { Metadata } from '../../context/metadata.js';
import { Status } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';
import { MemoryPipe } from '../../streams/memory-pipe.js';

/**
 * One call between a client and a server in the same process: a pipe each way, and the two sides'
 * views of them. All news travels by a queue of microtasks, so neither side ever runs inside the
 * other, and in the order in which it was sent.
 */
export class MemoryCall {
  readonly client: ClientWire;
  readonly #server: ServerWire;
  readonly #requests: MemoryPipe;
  readonly #replies: MemoryPipe;
  readonly #clientSide: ClientCallListener;
  readonly #onEnd: (() => void)[] = [];
  #serverSide: ServerCallListener | undefined;
  #delivered = false;
  #headersSent = false;
  #headersUnderWay: Metadata | undefined;
  #finished = false;
  #clientEnded = false;
  #serverEnded = false;

  constructor(outgoing: OutgoingCall, listener: ClientCallListener, target: string) {
    this.#clientSide = listener;
    this.#requests = new MemoryPipe(
      (bytes) => this.#serverSide?.onMessage(bytes),
      () => this.#serverSide?.onHalfClose(),
    );
    this.#replies = new MemoryPipe((bytes) => {
      this.#deliverHeaders();
      if (!this.#clientEnded) listener.onMessage(bytes);
    });
    this.client = this.#clientWire(target);
    this.#server = this.#serverWire(outgoing);
  }

  /** Whether the client has given the call up or got its status. */
  get ended(): boolean {
    return this.#clientEnded;
  }

  /** Calls `onEnd` when the call is over on both sides. */
  whenEnded(onEnd: () => void): void {
    this.#onEnd.push(onEnd);
  }

  /** Hands the call to a server. */
  deliverTo(accept: AcceptCall): void {
    this.#delivered = true;
    queueMicrotask(() => {
      if (this.#clientEnded) return;
      this.#serverSide = accept(this.#server);
      this.#serverSide.start();
    });
  }

  /** Ends the call without a server. */
  reject(code: number, details: string): void {
    this.#endServer(undefined);
    queueMicrotask(() => this.#endClient({ code, details, trailers: new Metadata() }));
  }

  /** Ends the call on both sides as a lost connection does. */
  disconnect(): void {
    const cancelled = this.#clientEnded;
    this.#endClient({
      code: Status.UNAVAILABLE,
      details: 'Connection dropped',
      trailers: new Metadata(),
    });
    this.#endServer(cancelled ? 'cancelled by the client' : 'connection lost');
  }

  #clientWire(target: string): ClientWire {
    const delivered = (): boolean => this.#delivered;
    return {
      peer: target,
      get connected() {
        return delivered();
      },
      send: (batch, sent) => this.#requests.send(batch, sent),
      halfClose: () => this.#requests.end(),
      request: () => this.#replies.request(),
      cancel: () => {
        if (this.#clientEnded) return;
        this.#clientEnded = true;
        this.#replies.stop();
        queueMicrotask(() => this.#endServer('cancelled by the client'));
      },
    };
  }

  #serverWire(outgoing: OutgoingCall): ServerWire {
    return {
      metadata: outgoing.metadata,
      deadline: outgoing.deadline,
      peer: 'memory',
      auth: NO_AUTH,
      canCompress: true,
      request: () => this.#requests.request(),
      sendHeaders: (headers) => this.#sendHeaders(headers),
      send: (batch, sent) => {
        this.#sendHeaders(new Metadata());
        this.#replies.send(batch, sent);
      },
      finish: (status) => this.#finish(status),
    };
  }

  #sendHeaders(headers: Metadata): void {
    if (this.#headersSent || this.#finished) return;
    this.#headersSent = true;
    this.#headersUnderWay = headers.clone();
    queueMicrotask(() => this.#deliverHeaders());
  }

  #deliverHeaders(): void {
    const headers = this.#headersUnderWay;
    this.#headersUnderWay = undefined;
    if (headers !== undefined && !this.#clientEnded) this.#clientSide.onHeaders(headers);
  }

  #finish(status: StatusObject): void {
    if (this.#finished || this.#serverEnded) return;
    this.#finished = true;
    this.#requests.stop();
    const { code, details } = status;
    const sent = { code, details, trailers: status.trailers.clone() };
    this.#replies.end(() => {
      this.#deliverHeaders();
      this.#endClient(sent);
      this.#endServer('cancelled by the client');
    });
  }

  #endClient(status: StatusObject): void {
    if (this.#clientEnded) return;
    this.#clientEnded = true;
    this.#requests.stop();
    this.#clientSide.onStatus(status);
  }

  #endServer(reason: CancelReason | undefined): void {
    if (this.#serverEnded) return;
    this.#serverEnded = true;
    this.#requests.stop();
    this.#replies.stop();
    for (const onEnd of this.#onEnd) onEnd();
    if (reason !== undefined) this.#serverSide?.onCancel(reason);
  }
}
