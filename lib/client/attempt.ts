import { Deferred } from '../base/deferred.js';
import type { EncodedMessage } from '../base/encoded-message.js';
import { wordsOf } from '../base/words-of.js';
import type {
  CallOpener,
  CallWait,
  ClientCallListener,
  ClientWire,
} from '../call/client-transport.js';
import type { NextOptions } from '../call/interceptor.js';
import { waitsFor } from '../call/waits-for.js';
import type { Metadata } from '../context/metadata.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { statusError } from '../status/status-error.js';
import type { StatusObject } from '../status/status-object.js';
import type { MessageSink } from '../streams/outbox.js';
import { CallLimits, type LimitedCall } from './call-limits.js';
import type { Passage } from './passage.js';

/** What an attempt needs from the intercepted call that it is part of. */
export interface AttemptHost {
  /** Whether the call has one reply, which only counts with an OK. */
  readonly singleReply: boolean;
  mapRequests(batch: readonly EncodedMessage[]): readonly EncodedMessage[];
  mapReply(bytes: Uint8Array): Uint8Array;
  headers(headers: Metadata): void;
  /** Takes a reply for the caller. */
  reply(bytes: Uint8Array): void;
}

/**
 * A call passed on as it is: its messages go straight between caller and wire, through the maps of
 * the interceptors if there are any.
 */
export class Attempt implements ClientCallListener, MessageSink, LimitedCall, Passage {
  /** An attempt's limits are its deadline only. */
  readonly hasUnread = false;
  readonly #host: AttemptHost;
  readonly #result = new Deferred<StatusObject>();
  readonly #held: Uint8Array[] = [];
  readonly #path: string;
  #wire: ClientWire | undefined;
  #requested = false;
  #limits: CallLimits | undefined;
  #ended = false;

  constructor(host: AttemptHost, path: string) {
    this.#host = host;
    this.#path = path;
  }

  /** Rejects with an RpcError, or with what a map threw. */
  get result(): Promise<StatusObject> {
    return this.#result.promise;
  }

  get peer(): string | undefined {
    return this.#wire?.peer;
  }

  get connected(): boolean {
    return this.#wire?.connected ?? false;
  }

  get waitsFor(): CallWait | undefined {
    return waitsFor(this.#wire);
  }

  /**
   * Starts the call, unless its time is over already.
   *
   * @param options - what is tighter here than for the whole call
   */
  start(opener: CallOpener, options: NextOptions, metadata: Metadata): void {
    const { waitForReady, compression, timeout, deadline } = options;
    const limits = new CallLimits({ timeout, deadline }, this);
    limits.check();
    if (this.#ended) return;
    try {
      const call = {
        path: this.#path,
        metadata,
        deadline: limits.deadline,
        waitForReady,
        compression,
      };
      this.#wire = opener.open(call, this);
    } catch (thrown) {
      throw new RpcError(Status.UNAVAILABLE, wordsOf(thrown), { cause: thrown });
    }
    limits.watch();
    this.#limits = limits;
  }

  send(batch: readonly EncodedMessage[], sent: () => void): void {
    if (this.#ended) return;
    try {
      this.#wire?.send(this.#host.mapRequests(batch), sent);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  halfClose(): void {
    if (!this.#ended) this.#wire?.halfClose();
  }

  request(): void {
    if (this.#ended || this.#requested) return;
    this.#requested = true;
    this.#wire?.request();
  }

  onHeaders(headers: Metadata): void {
    if (this.#ended) return;
    try {
      this.#host.headers(headers);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  onMessage(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#requested = false;
    try {
      const mapped = this.#host.mapReply(bytes);
      if (!this.#host.singleReply) this.#host.reply(mapped);
      else this.#hold(mapped);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  onStatus({ code, details, trailers }: StatusObject, error?: RpcError): void {
    if (this.#ended) return;
    this.#end();
    if (code !== Status.OK) {
      this.#result.rejectQuietly(error ?? statusError(code, details, { trailers }));
      return;
    }
    for (const bytes of this.#held) this.#host.reply(bytes);
    this.#result.resolve({ code, details, trailers });
  }

  end(code: number, details: string): void {
    this.fail(statusError(code, details));
  }

  cancel(details: string): void {
    this.end(Status.CANCELLED, details);
  }

  /** Gives the call up. */
  fail(thrown: unknown): void {
    if (this.#ended) return;
    this.#end();
    const { code, details } = RpcError.is(thrown) ? thrown : GIVEN_UP;
    this.#wire?.cancel(code, details);
    this.#result.rejectQuietly(thrown);
  }

  /** Two are enough to tell that the server errs: whatever more it sends must not pile up. */
  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    if (this.#held.length === 1) this.request();
    else this.end(Status.UNIMPLEMENTED, `${this.#path} answered with more than one message`);
  }

  #end(): void {
    this.#ended = true;
    this.#limits?.stop();
  }
}

const GIVEN_UP = { code: Status.CANCELLED, details: 'an interceptor failed' };
