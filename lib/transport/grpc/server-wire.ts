import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from '@grpc/grpc-js';
import type {
  AcceptCall,
  CancelReason,
  ServerCallListener,
  ServerWire,
} from '../../call/server-transport.js';
import type { StatusObject } from '../../status/status-object.js';
import { toBuffer } from './to-buffer.js';

/**
 * A server call driven at grpc-js's call level. grpc-js starts it with the listener of a handler
 * of its own, which would build a Duplex; `start` leaves that aside and listens itself.
 */
export class GrpcServerWire extends ServerInterceptingCall implements ServerWire {
  readonly #next: ServerInterceptingCallInterface;
  readonly #accept: AcceptCall;
  readonly #whyCancelled: (peer: string) => CancelReason;
  readonly #deadline: number;
  readonly peer: string;
  #metadata!: Metadata;
  #listener: ServerCallListener | undefined;

  constructor(
    next: ServerInterceptingCallInterface,
    accept: AcceptCall,
    whyCancelled: (peer: string) => CancelReason,
  ) {
    super(next);
    this.#next = next;
    this.#accept = accept;
    this.#whyCancelled = whyCancelled;
    this.peer = next.getPeer();
    const deadline = next.getDeadline();
    this.#deadline = deadline instanceof Date ? deadline.getTime() : deadline;
  }

  get metadata(): Metadata {
    return this.#metadata;
  }

  get deadline(): number {
    return this.#deadline;
  }

  override start(): void {
    this.#next.start({
      onReceiveMetadata: (metadata) => {
        this.#metadata = metadata;
        this.#listener = this.#accept(this);
        this.#listener.start();
      },
      onReceiveMessage: (message: Buffer) => this.#listener?.onMessage(message),
      onReceiveHalfClose: () => this.#listener?.onHalfClose(),
      onCancel: () => this.#listener?.onCancel(this.#whyCancelled(this.peer)),
    });
  }

  /** grpc-js may answer from inside `startRead`. */
  request(): void {
    this.#next.startRead();
  }

  sendHeaders(headers: Metadata): void {
    this.#next.sendMetadata(headers);
  }

  /** Several messages in flight are right here: Node then writes many frames at once. */
  send(batch: readonly Uint8Array[], sent: () => void): void {
    const last = batch.length - 1;
    for (let i = 0; i < last; i += 1) {
      this.#next.sendMessage(toBuffer(batch[i] as Uint8Array), nothing);
    }
    this.#next.sendMessage(toBuffer(batch[last] as Uint8Array), sent);
  }

  finish(status: StatusObject): void {
    const { code, details, trailers } = status;
    this.#next.sendStatus({ code, details, metadata: trailers });
  }
}

function nothing(): void {}
