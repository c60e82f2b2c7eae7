import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { ignore } from '../../base/deferred.js';
import type { AcceptCall, ServerCallListener, ServerWire } from '../../call/server-transport.js';
import type { AuthContext } from '../../context/auth-context.js';
import { Metadata } from '../../context/metadata.js';
import { Status } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';
import { ACCEPTED } from './compression.js';
import { encodeMessage } from './grpc-message.js';
import { parseTimeout } from './grpc-timeout.js';
import { IncomingMessages } from './incoming-messages.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { toMetadata } from './received-metadata.js';

/** What a call needs to know of its connection. */
export interface CallConnection {
  /** The client's address. */
  readonly peer: string;
  readonly auth: AuthContext;
  /** Whether it is gone. */
  readonly isLost: boolean;
}

/**
 * The server's side of a call.
 *
 * ```
 *  open ── finish ──► finishing: status behind what was sent ──► closed
 *    └──── reset, connection lost ───────────────────────────────┘
 * ```
 */
export class Http2ServerWire implements ServerWire {
  readonly metadata: Metadata;
  readonly deadline: number;
  readonly #stream: ServerHttp2Stream;
  readonly #connection: CallConnection;
  readonly #incoming: IncomingMessages;
  readonly #listener: ServerCallListener;
  #outgoing: OutgoingMessages | undefined;
  #trailers: OutgoingHttpHeaders | undefined;
  #finished = false;

  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    connection: CallConnection,
    maxReceiveMessageSize: number,
    accept: AcceptCall,
  ) {
    this.#stream = stream;
    this.#connection = connection;
    this.metadata = toMetadata(headers);
    this.deadline = deadlineOf(headers);
    this.#incoming = new IncomingMessages(maxReceiveMessageSize, {
      onMessage: (bytes) => this.#listener.onMessage(bytes),
      onEnd: () => this.#onEnd(),
      onFault: (fault) => this.#fault(fault.code, fault.message),
    });
    const encoding = headers['grpc-encoding'];
    if (typeof encoding === 'string') this.#incoming.encoding = encoding;
    stream.on('error', ignore);
    stream.once('close', () => this.#onClose());
    this.#listener = accept(this);
    this.#listener.start();
    this.#incoming.attach(stream);
  }

  get peer(): string {
    return this.#connection.peer;
  }

  get auth(): AuthContext {
    return this.#connection.auth;
  }

  request(): void {
    this.#incoming.request();
  }

  sendHeaders(headers: Metadata): void {
    if (this.#isGone()) return;
    this.#stream.respond(responseHeaders(headers), { waitForTrailers: true });
    this.#stream.once('wantTrailers', () => this.#sendTrailers());
    this.#outgoing = new OutgoingMessages(this.#stream, 'identity');
  }

  send(batch: readonly Uint8Array[], sent: () => void): void {
    if (this.#outgoing === undefined) this.sendHeaders(new Metadata());
    this.#outgoing?.send(batch, sent);
  }

  finish({ code, details, trailers }: StatusObject): void {
    if (this.#finished || this.#isGone()) return;
    this.#finished = true;
    this.#incoming.stop();
    this.#trailers = { 'grpc-status': String(code), ...trailers.toHttp2Headers() };
    if (details !== '') this.#trailers['grpc-message'] = encodeMessage(details);
    if (this.#outgoing !== undefined) this.#outgoing.end();
    else {
      const headers = { ...responseHeaders(new Metadata()), ...this.#trailers };
      this.#stream.respond(headers, { endStream: true });
      this.#stopClient();
    }
  }

  #sendTrailers(): void {
    if (this.#isGone()) return;
    this.#stream.sendTrailers(this.#trailers ?? {});
    this.#stopClient();
  }

  /** A client that is still sending is told that nobody listens: once the status is on its way. */
  #stopClient(): void {
    setImmediate(() => {
      if (!this.#isGone() && !this.#stream.readableEnded) {
        this.#stream.close(constants.NGHTTP2_NO_ERROR);
      }
    });
  }

  /**
   * Clients of Node half-close a stream before they reset it: a handler must not take half of an
   * upload for all of it, so the reset gets a moment to overtake.
   */
  #onEnd(): void {
    if (this.#isGone()) return;
    if (!this.#incoming.isWhole) this.#fault(Status.INTERNAL, 'the last message was cut short');
    else {
      setImmediate(() => {
        if (!this.#isGone()) this.#listener.onHalfClose();
      });
    }
  }

  #fault(code: number, details: string): void {
    this.finish({ code, details, trailers: new Metadata() });
    this.#listener.onCancel('cancelled by the client');
  }

  #onClose(): void {
    this.#incoming.stop();
    const isLost = this.#connection.isLost;
    this.#listener.onCancel(isLost ? 'connection lost' : 'cancelled by the client');
  }

  #isGone(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }
}

function responseHeaders(metadata: Metadata): OutgoingHttpHeaders {
  return {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-accept-encoding': ACCEPTED,
    ...metadata.toHttp2Headers(),
  };
}

function deadlineOf(headers: IncomingHttpHeaders): number {
  const timeout = headers['grpc-timeout'];
  const time = typeof timeout === 'string' ? parseTimeout(timeout) : undefined;
  return time === undefined ? Infinity : Date.now() + time;
}
