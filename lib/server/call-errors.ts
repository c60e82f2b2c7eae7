import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';
import { ReplyTooLarge } from './reply-too-large.js';

/**
 * What has been thrown in one call. Exceptions become the errors that a peer may see, and
 * `onError` hears of each that says more than that, once.
 */
export class CallErrors {
  readonly #onError: (error: unknown) => void;
  #failure: unknown;
  #error: RpcError | undefined;
  #reported: unknown;
  #ofMap: unknown;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  report(error: unknown): void {
    this.#reported = error;
    this.#onError(error);
  }

  /** The error that the call fails with, as its handler has thrown this. */
  ofHandler(thrown: unknown): RpcError {
    this.#failure = thrown;
    this.#error = this.#public(thrown, 'the handler failed unexpectedly');
    return this.#error;
  }

  ofInterceptor(thrown: unknown): RpcError {
    return this.#public(thrown, 'an interceptor failed unexpectedly');
  }

  /** What a map throws ends the call, whatever its handler makes of that. */
  ofMap(thrown: unknown): RpcError {
    const error = this.ofInterceptor(thrown);
    this.#ofMap = error;
    return error;
  }

  ofRequest(thrown: unknown): RpcError {
    if (this.isOfMap(thrown)) return thrown as RpcError;
    return new RpcError(Status.INTERNAL, 'the request cannot be decoded', { cause: thrown });
  }

  /** A reply that cannot be sent, or none where one was due. */
  ofReply(error: unknown): RpcError {
    this.report(error);
    if (error instanceof ReplyTooLarge) return error;
    const details = 'the handler produced an invalid reply';
    return new RpcError(Status.INTERNAL, details, { cause: error });
  }

  /** Whether a map has ended, or is about to end, the call with this. */
  isOfMap(thrown: unknown): boolean {
    return thrown !== undefined && thrown === this.#ofMap;
  }

  /** Whether somebody has heard of it, so that it may be thrown again without a word. */
  isKnown(thrown: unknown): boolean {
    if (thrown === this.#failure || thrown === this.#reported) return true;
    return this.isOfMap(thrown) || (thrown !== undefined && thrown === this.#error);
  }

  #public(thrown: unknown, details: string): RpcError {
    if (RpcError.is(thrown)) return thrown;
    this.report(thrown);
    return new RpcError(Status.UNKNOWN, details, { cause: thrown });
  }
}
