import { ServerInterceptingCall, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { ignore } from '../../base/deferred.js';
import type { EncodedMessage } from '../../base/encoded-message.js';
import type { AcceptCall, ServerCallListener, ServerWire } from '../../call/server-transport.js';
import type { AuthContext } from '../../context/auth-context.js';
import { Metadata, metadataSize } from '../../context/metadata.js';
import { Status } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';
import { connectionKey } from '../listening/connection-key.js';
import { afterReset } from './after-reset.js';
import type { Connection } from './connection.js';
import { toBuffer } from './to-buffer.js';

/** What a call needs from its server. */
export interface WireHost {
  /** Bytes of request headers above which a call is refused. */
  readonly maxMetadataSize: number;
  /** What the connections of this server are known by when they are lost already. */
  readonly fallbackAuth: AuthContext;
  connectionOf(key: string): Connection | undefined;
}

/**
 * A server call driven at grpc-js's call level. grpc-js starts it with the listener of a handler
 * of its own, which would build a Duplex; `start` leaves that aside and listens itself.
 */
export class GrpcServerWire extends ServerInterceptingCall implements ServerWire {
  readonly #next: ServerInterceptingCallInterface;
  readonly #requestStream: boolean;
  readonly #accept: AcceptCall;
  readonly #host: WireHost;
  readonly #connection: Connection | undefined;
  readonly canCompress = false;
  readonly deadline: number;
  readonly peer: string;
  metadata!: Metadata;
  #listener: ServerCallListener | undefined;
  #cancelled = false;

  constructor(
    next: ServerInterceptingCallInterface,
    requestStream: boolean,
    accept: AcceptCall,
    host: WireHost,
  ) {
    super(next);
    this.#next = next;
    this.#requestStream = requestStream;
    this.#accept = accept;
    this.#host = host;
    this.peer = next.getPeer();
    this.#connection = host.connectionOf(connectionKey(next.getConnectionInfo()));
    const deadline = next.getDeadline();
    this.deadline = deadline instanceof Date ? deadline.getTime() : deadline;
  }

  get auth(): AuthContext {
    return this.#connection?.auth ?? this.#host.fallbackAuth;
  }

  override start(): void {
    this.#next.start({
      onReceiveMetadata: (metadata) => this.#onMetadata(metadata),
      onReceiveMessage: (message: Buffer) => this.#listener?.onMessage(message),
      onReceiveHalfClose: () => this.#onHalfClose(),
      onCancel: () => this.#onCancel(),
    });
  }

  #onMetadata(metadata: Metadata): void {
    const { maxMetadataSize } = this.#host;
    const size = metadataSize(metadata);
    if (size > maxMetadataSize) {
      this.#next.sendStatus({
        code: Status.RESOURCE_EXHAUSTED,
        details: `request headers of ${size} bytes are more than the ${maxMetadataSize} allowed`,
        metadata: new Metadata(),
      });
      return;
    }
    this.metadata = metadata;
    this.#listener = this.#accept(this);
    this.#listener.start();
  }

  /**
   * grpc-js does not say why: a client that has lost its connection has no open socket left. When
   * grpc-js cuts off the calls on an aged connection, its socket is closed a moment after them. Not
   * to be waited for otherwise: a client may cancel its calls and close its connection right behind.
   */
  #onCancel(): void {
    this.#cancelled = true;
    const tell = (): void => {
      const isLost = this.#connection?.isLost ?? true;
      this.#listener?.onCancel(isLost ? 'connection lost' : 'cancelled by the client');
    };
    if (this.#connection?.isAged) setImmediate(tell);
    else tell();
  }

  /** Methods with one request need not wait. */
  #onHalfClose(): void {
    if (!this.#requestStream) this.#listener?.onHalfClose();
    else {
      afterReset(() => {
        if (!this.#cancelled) this.#listener?.onHalfClose();
      });
    }
  }

  /** grpc-js may answer from inside `startRead`. */
  request(): void {
    this.#next.startRead();
  }

  sendHeaders(headers: Metadata): void {
    this.#next.sendMetadata(headers);
  }

  /** Several messages in flight are right here: Node then writes many frames at once. */
  send(batch: readonly EncodedMessage[], sent: () => void): void {
    const last = batch.length - 1;
    for (let i = 0; i < last; i += 1) {
      this.#next.sendMessage(toBuffer((batch[i] as EncodedMessage).bytes), ignore);
    }
    this.#next.sendMessage(toBuffer((batch[last] as EncodedMessage).bytes), sent);
  }

  finish(status: StatusObject): void {
    const { code, details, trailers } = status;
    this.#next.sendStatus({ code, details, metadata: trailers });
  }
}
