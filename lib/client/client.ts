import {
  checkFunction,
  checkGrace,
  checkMilliseconds,
  checkOptions,
  checkSignal,
} from '../base/check.js';
import { Timer } from '../base/timer.js';
import type { CallCredentials } from '../call/call-credentials.js';
import type { ClientTransport } from '../call/client-transport.js';
import { type ClientInterceptor, checkInterceptors } from '../call/interceptor.js';
import type { DiagnoseOptions } from '../diagnose/diagnose-options.js';
import { watchdogFor } from '../diagnose/watchdog.js';
import type { ServiceDescriptor, ServiceMethods } from '../schema/service-descriptor.js';
import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import type { CallWatcher } from './call-watcher.js';
import { makeStub, type StubOptions } from './make-stub.js';
import { type Channel, checkSecure } from './start-call.js';
import type { Stub } from './stub.js';

/** How long to wait for a connection. */
export interface ReadyOptions {
  /** Milliseconds; 20 seconds unless given, Infinity for no limit. */
  readonly timeout?: number | undefined;
  /** Rejects with the signal's reason when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** How a client closes. */
export interface ClientCloseOptions {
  /** Milliseconds that open calls may still take before they are cancelled; 0 unless given. */
  readonly grace?: number | undefined;
}

/** What a client may be told, whatever its transport. */
export interface ClientOptions {
  /** Around each call of this client, the first outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
  /** Headers that prove who calls, for every call; `tls` is needed. */
  readonly credentials?: CallCredentials | undefined;
  /**
   * Reports calls that stand still in a way that is probably a mistake: `true` warns the process,
   * or what to tell, and after which time. Off unless given.
   */
  readonly diagnose?: boolean | DiagnoseOptions | undefined;
}

/** A channel to one target; made by `connect`. Everything on it may be called concurrently. */
export class Client implements AsyncDisposable {
  readonly #transport: ClientTransport;
  readonly #channel: Channel;
  readonly #calls = new Set<{ cancel(reason: string): void }>();
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  /** @throws {TypeError} for a bad option, or credentials without a secure transport */
  constructor(transport: ClientTransport, target: string, options: ClientOptions) {
    const { interceptors = [], credentials } = options;
    checkInterceptors('interceptors', interceptors);
    if (credentials !== undefined) {
      checkFunction('credentials', credentials);
      checkSecure(transport);
    }
    this.#transport = transport;
    const watcher = this.#watch();
    const watchdog = watchdogFor(options.diagnose);
    this.#channel = {
      transport,
      watcher,
      target,
      interceptors: [...interceptors],
      credentials,
      watchdog,
    };
  }

  /** The target that was passed to `connect`. */
  get target(): string {
    return this.#channel.target;
  }

  /**
   * The methods of `service`, to be called over this client. Making one is cheap, and opens
   * nothing: connections are made for the first call.
   *
   * @throws {TypeError} when `service` is no service descriptor; so does calling a method that the
   * service does not have, naming those it has; and for an unknown option
   */
  stub<Methods extends ServiceMethods<Methods>>(
    service: ServiceDescriptor<Methods>,
    options?: StubOptions,
  ): Stub<Methods> {
    return makeStub(service, this.#channel, options);
  }

  /**
   * Connects, if need be, and resolves when calls would go out at once.
   *
   * Rejects with an `RpcError`: DEADLINE_EXCEEDED when the time is over, saying what was tried,
   * UNAVAILABLE when the client is closed.
   */
  async waitForReady(options: number | ReadyOptions = {}): Promise<void> {
    const given = typeof options === 'number' ? { timeout: options } : options;
    checkOptions('waitForReady()', given, ['timeout', 'signal']);
    const { timeout = 20_000, signal } = given;
    checkMilliseconds('waitForReady timeout', timeout);
    if (signal !== undefined) checkSignal('waitForReady signal', signal);
    if (this.#closing !== undefined) throw new RpcError(Status.UNAVAILABLE, CLOSED);
    signal?.throwIfAborted();
    await this.#transport.waitForReady(timeout, signal);
  }

  /**
   * Refuses new calls, waits up to `grace` ms for those that are open, cancels the rest and closes
   * the connections. Idempotent: later calls get the promise of the first.
   */
  close(options: ClientCloseOptions = {}): Promise<void> {
    try {
      const grace = checkGrace(options, 0);
      this.#closing ??= this.#close(grace);
      return this.#closing;
    } catch (misuse) {
      return Promise.reject(misuse);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(grace: number): Promise<void> {
    if (this.#calls.size > 0 && grace > 0) await this.#callsToEnd(grace);
    try {
      for (const call of this.#calls) call.cancel('the client was closed');
    } finally {
      this.#transport.close();
    }
  }

  #callsToEnd(grace: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = new Timer(grace, resolve);
      this.#idle = () => {
        timer.stop();
        resolve();
      };
    });
  }

  #watch(): CallWatcher {
    const closing = (): boolean => this.#closing !== undefined;
    return {
      get refusal() {
        return closing() ? CLOSED : undefined;
      },
      began: (call) => this.#calls.add(call),
      ended: (call) => {
        this.#calls.delete(call);
        if (this.#calls.size === 0) this.#idle?.();
      },
    };
  }
}

const CLOSED = 'the client is closed';
