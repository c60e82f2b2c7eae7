import { lateAbortController } from '../base/abort-controller.js';
import { checkOptions } from '../base/check.js';
import { type Compression, checkCompression } from '../call/compression.js';
import type { ServerWire } from '../call/server-transport.js';
import type { AuthContext } from '../context/auth-context.js';
import type { CallContext, SendHeadersOptions } from '../context/call-context.js';
import { ContextValues } from '../context/context-values.js';
import {
  CheckedMetadata,
  checkMetadata,
  Metadata,
  type MetadataInit,
  toMetadata,
} from '../context/metadata.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** What a context asks its server. */
export interface DrainingHost {
  /** Why the server closes, once it has begun to. */
  readonly drainReason: RpcError | undefined;
}

/** The call context of a handler; everything that a handler may not need is made when asked for. */
export class ServerContext implements CallContext {
  readonly method: string;
  readonly #wire: ServerWire;
  readonly #host: DrainingHost;
  readonly #deadline: number;
  #controller: AbortController | undefined;
  #draining: AbortController | undefined;
  #reason: RpcError | undefined;
  #values: ContextValues | undefined;
  #trailers: Metadata | undefined;
  #headersListeners: ((headers: Metadata) => void)[] | undefined;
  #headersSent = false;
  #heeded = false;

  /** @param deadline - milliseconds since the epoch; Infinity for none */
  constructor(method: string, wire: ServerWire, host: DrainingHost, deadline: number) {
    this.method = method;
    this.#wire = wire;
    this.#host = host;
    this.#deadline = deadline;
  }

  get peer(): string {
    return this.#wire.peer;
  }

  get auth(): AuthContext {
    return this.#wire.auth;
  }

  get metadata(): Metadata {
    return this.#wire.metadata;
  }

  get deadline(): Date | undefined {
    return this.#deadline === Infinity ? undefined : new Date(this.#deadline);
  }

  get signal(): AbortSignal {
    this.#heeded = true;
    return this.endSignal;
  }

  /** As `signal`, for the server itself. */
  get endSignal(): AbortSignal {
    this.#controller ??= lateAbortController(this.#reason);
    return this.#controller.signal;
  }

  /** Whether the handler has asked for anything that tells it to stop. */
  get heedsEnd(): boolean {
    return this.#heeded || this.#draining !== undefined;
  }

  get draining(): AbortSignal {
    this.#draining ??= lateAbortController(this.#host.drainReason);
    return this.#draining.signal;
  }

  get cancelled(): boolean {
    return this.#reason !== undefined;
  }

  get values(): ContextValues {
    this.#values ??= new ContextValues();
    return this.#values;
  }

  get trailers(): Metadata {
    this.#trailers ??= new CheckedMetadata('trailers');
    return this.#trailers;
  }

  timeRemaining(): number {
    return Math.max(this.#deadline - Date.now(), 0);
  }

  sendHeaders(init: MetadataInit, options: SendHeadersOptions = {}): void {
    const headers = toMetadata('headers', init);
    const compression = this.#compressionOf(options);
    if (this.#headersSent) {
      throw new RpcError(
        Status.FAILED_PRECONDITION,
        'response headers were sent already, or the call is over',
      );
    }
    this.#headersSent = true;
    if (this.#headersListeners !== undefined) {
      for (const listener of this.#headersListeners) listener(headers);
      checkMetadata('headers', headers);
    }
    this.#wire.sendHeaders(headers, compression);
  }

  #compressionOf(options: SendHeadersOptions): Compression | undefined {
    checkOptions('sendHeaders()', options, ['compression']);
    const { compression } = options;
    if (compression === undefined) return undefined;
    checkCompression('compression', compression);
    if (compression !== 'identity' && !this.#wire.canCompress) {
      const instead = "its transport compresses no replies, http2()'s does";
      throw new TypeError(`compression must be 'identity' on this server: ${instead}`);
    }
    return compression;
  }

  /** Lets interceptors see the headers before they leave, the innermost first. */
  onHeaders(listener: (headers: Metadata) => void): void {
    this.#headersListeners ??= [];
    this.#headersListeners.unshift(listener);
  }

  /** The first message leaves, and the headers with it. Throws what a listener throws. */
  flushHeaders(): void {
    if (this.#headersSent) return;
    if (this.#headersListeners !== undefined) this.sendHeaders(new Metadata());
    this.#headersSent = true;
  }

  abort(code: number, details?: string): never {
    throw new RpcError(code, details);
  }

  /** Headers leave with the status, or never will. */
  noteHeadersSent(): void {
    this.#headersSent = true;
  }

  /** Aborts `draining`. */
  drain(reason: RpcError): void {
    this.#draining?.abort(reason);
  }

  /** Aborts `signal` with `reason`. */
  cancel(reason: RpcError): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
