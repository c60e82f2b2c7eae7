import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { EncodedMessage } from '../../base/encoded-message.js';
import { PREFIX_BYTES } from '../../base/length-prefix.js';
import { Timer } from '../../base/timer.js';
import type { Compression } from '../../call/compression.js';
import type {
  AcceptCall,
  CancelReason,
  ServerCallListener,
  ServerWire,
} from '../../call/server-transport.js';
import type { AuthContext } from '../../context/auth-context.js';
import { Metadata } from '../../context/metadata.js';
import { Status } from '../../status/status.js';
import type { StatusObject } from '../../status/status-object.js';
import { ACCEPTED } from './compression.js';
import { encodeMessage } from './grpc-message.js';
import { IncomingMessages } from './incoming-messages.js';
import type { IncomingRequest } from './incoming-request.js';
import { isGone } from './is-gone.js';
import { OutgoingMessages } from './outgoing-messages.js';
import { stopClient } from './stop-client.js';

/** A call's connection, as the call sees it. */
export interface CallConnection {
  /** The client's address. */
  readonly peer: string;
  readonly auth: AuthContext;
  /** Whether it is gone. */
  readonly isLost: boolean;
  /** Told of DATA without a message that is waited for, and of messages: for the bound on the former. */
  noteData(bytes: number): void;
  noteMessage(): void;
}

/** What a server says of all its calls. */
export interface WireOptions {
  /** In bytes. */
  readonly maxReceiveMessageSize: number;
  readonly compression: Compression;
}

/** Milliseconds that an error may wait behind messages which the client does not read. */
const STATUS_TIME = 1_000;

/**
 * The server's side of a call.
 *
 * ```
 *  open ── finish ──► finishing: status behind what was sent ──► closed
 *    │                   └── an error, and the client does not read ── STATUS_TIME ──► reset
 *    └──── reset, connection lost ───────────────────────────────► closed
 * ```
 */
export class Http2ServerWire implements ServerWire {
  readonly canCompress = true;
  readonly #stream: ServerHttp2Stream;
  readonly #request: IncomingRequest;
  readonly #connection: CallConnection;
  readonly #compression: Compression;
  readonly #incoming: IncomingMessages;
  readonly #listener: ServerCallListener;
  #outgoing: OutgoingMessages | undefined;
  #trailers: OutgoingHttpHeaders | undefined;
  #impatience: Timer | undefined;
  #finished = false;
  #cancelled = false;

  constructor(
    stream: ServerHttp2Stream,
    request: IncomingRequest,
    connection: CallConnection,
    { maxReceiveMessageSize, compression }: WireOptions,
    accept: AcceptCall,
  ) {
    this.#stream = stream;
    this.#request = request;
    this.#connection = connection;
    this.#compression = compression;
    this.#incoming = new IncomingMessages(maxReceiveMessageSize, {
      onMessage: (bytes) => {
        connection.noteMessage();
        this.#listener.onMessage(bytes);
      },
      onEnd: () => this.#onEnd(),
      onFault: (fault) => this.#fault(fault.code, fault.message),
    });
    this.#incoming.encoding = request.encoding;
    stream.once('close', () => this.#onClose());
    this.#listener = accept(this);
    this.#listener.start();
    this.#incoming.attach(stream);
    stream.on('data', (chunk: Buffer) => this.#noteData(chunk.length));
  }

  get metadata(): Metadata {
    return this.#request.metadata;
  }

  get deadline(): number {
    return this.#request.deadline;
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

  sendHeaders(headers: Metadata, compression = this.#compression): void {
    if (isGone(this.#stream)) return;
    const encoding = this.#request.encodingOf(compression);
    this.#stream.respond(responseHeaders(headers, encoding), { waitForTrailers: true });
    this.#stream.once('wantTrailers', () => this.#sendTrailers());
    this.#outgoing = new OutgoingMessages(this.#stream, encoding);
  }

  send(batch: readonly EncodedMessage[], sent: () => void): void {
    if (this.#outgoing === undefined) this.sendHeaders(new Metadata());
    this.#outgoing?.send(batch, sent);
  }

  finish({ code, details, trailers }: StatusObject): void {
    if (this.#finished || isGone(this.#stream)) return;
    this.#finished = true;
    this.#incoming.stop();
    this.#trailers = { 'grpc-status': String(code), ...trailers.toHttp2Headers() };
    if (details !== '') this.#trailers['grpc-message'] = encodeMessage(details);
    if (this.#outgoing !== undefined) {
      this.#outgoing.end();
      if (code !== Status.OK) this.#waitForReader();
    } else {
      const headers = { ...responseHeaders(new Metadata(), 'identity'), ...this.#trailers };
      this.#stream.respond(headers, { endStream: true });
      stopClient(this.#stream);
    }
  }

  #sendTrailers(): void {
    this.#impatience?.stop();
    if (isGone(this.#stream)) return;
    this.#stream.sendTrailers(this.#trailers ?? {});
    stopClient(this.#stream);
  }

  /** A handler that fails has sent its messages before: only a call that was cut off comes here with any. */
  #waitForReader(): void {
    this.#impatience = new Timer(STATUS_TIME, () => {
      if (!isGone(this.#stream)) this.#stream.close(constants.NGHTTP2_CANCEL);
    }).unref();
  }

  /**
   * Clients of Node half-close a stream before they reset it: a handler must not take half of an
   * upload for all of it, so the reset gets a moment to overtake.
   */
  #onEnd(): void {
    if (isGone(this.#stream)) return;
    if (!this.#incoming.isWhole) this.#fault(Status.INTERNAL, 'the last message was cut short');
    else {
      setImmediate(() => {
        if (!isGone(this.#stream)) this.#listener.onHalfClose();
      });
    }
  }

  /** Small messages that wait for a slow reader, or that nobody reads any more, are no abuse. */
  #noteData(bytes: number): void {
    if (bytes >= PREFIX_BYTES && !this.#incoming.isHungry) return;
    this.#connection.noteData(bytes);
  }

  #fault(code: number, details: string): void {
    this.finish({ code, details, trailers: new Metadata() });
    this.#cancel('cancelled by the client');
  }

  #onClose(): void {
    this.#impatience?.stop();
    this.#incoming.stop();
    this.#cancel(this.#connection.isLost ? 'connection lost' : 'cancelled by the client');
  }

  #cancel(reason: CancelReason): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#listener.onCancel(reason);
  }
}

function responseHeaders(metadata: Metadata, encoding: Compression): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-accept-encoding': ACCEPTED,
  };
  if (encoding !== 'identity') headers['grpc-encoding'] = encoding;
  return Object.assign(headers, metadata.toHttp2Headers());
}
