import { limitedWait } from '../../base/limited-wait.js';
import type { ChannelOptions } from '../../call/channel-options.js';
import type {
  ClientCallListener,
  ClientTransport,
  ClientWire,
  OutgoingCall,
} from '../../call/client-transport.js';
import type { MethodConfig } from '../../call/retry-options.js';
import { RpcError } from '../../status/rpc-error.js';
import { Status } from '../../status/status.js';
import type { WaitingCall } from './call-queue.js';
import type { Channel } from './channel/channel.js';
import { toDestination } from './channel/destination.js';
import { type Securing, toSecuring } from './channel/securing.js';
import { checkHttp2Channel } from './check-http2-channel.js';
import { Http2ClientWire } from './client-wire.js';
import { DEFAULT_MESSAGE_SIZE } from './default-message-size.js';
import { methodRules } from './method-rules.js';
import { ReplayBudget } from './replay.js';
import { toChannel } from './to-channel.js';
import { userAgent } from './user-agent.js';
import type { WireRules } from './wire-rules.js';

/** How much of a call is kept for another try, in bytes, unless told otherwise. */
const REPLAY_SIZE = 64 * 1024;

/** Calls straight over HTTP/2. */
export class Http2ClientTransport implements ClientTransport {
  readonly secure: boolean;
  readonly #target: string;
  readonly #securing: Securing;
  readonly #channel: Channel;
  readonly #rules: WireRules;
  readonly #ruleFor: ((path: string) => MethodConfig) | undefined;

  /** @throws {TypeError | RangeError} for a bad target, or an option that cannot be honoured */
  constructor(target: string, options: ChannelOptions, connectionsPerAddress: number) {
    checkHttp2Channel(options);
    const destination = toDestination(target);
    this.#target = target;
    this.#securing = toSecuring(options.tls, destination.serverName);
    this.#channel = toChannel(destination, this.#securing, options, connectionsPerAddress);
    this.secure = this.#securing.scheme === 'https';
    this.#ruleFor = methodRules(options.methods);
    this.#rules = {
      request: {
        authority: options.authority ?? destination.authority,
        scheme: this.#securing.scheme,
        userAgent: userAgent(options.userAgent),
      },
      waitForReady: options.waitForReady ?? false,
      encoding: options.compression ?? 'identity',
      unread: new Set(),
      maxSendMessageSize: options.maxSendMessageSize ?? Infinity,
      maxReceiveMessageSize: options.maxReceiveMessageSize ?? DEFAULT_MESSAGE_SIZE,
      timeout: undefined,
      replays: new ReplayBudget(options.retryBufferSize ?? REPLAY_SIZE),
    };
  }

  open(call: OutgoingCall, listener: ClientCallListener): ClientWire {
    const rules = this.#rulesOf(call);
    const { timeout } = rules;
    if (timeout === undefined) return new Http2ClientWire(call, listener, this.#channel, rules);
    const deadline = Math.min(call.deadline, Date.now() + timeout);
    return new Http2ClientWire({ ...call, deadline }, listener, this.#channel, rules);
  }

  async waitForReady(timeout: number, signal: AbortSignal | undefined): Promise<void> {
    await limitedWait({ timeout, signal, late: () => this.#notReady(timeout) }, (wait) => {
      const waiter: WaitingCall = {
        waitForReady: true,
        start: () => wait.resolve(),
        fail: (code, details) => wait.reject(new RpcError(code, details)),
      };
      this.#channel.add(waiter);
      return () => this.#channel.remove(waiter);
    });
  }

  close(): void {
    this.#channel.close();
    this.#securing.close();
  }

  /** What the call says, else its method, else the client. */
  #rulesOf({ path, compression, waitForReady }: OutgoingCall): WireRules {
    const rules = this.#rules;
    const method = this.#ruleFor?.(path);
    const wanted = compression ?? rules.encoding;
    const encoding = rules.unread.has(wanted) ? 'identity' : wanted;
    if (method === undefined && encoding === rules.encoding && waitForReady === undefined) {
      return rules;
    }
    const { maxRequestSize = Infinity, maxResponseSize = Infinity, timeout } = method ?? {};
    return {
      ...rules,
      waitForReady: waitForReady ?? method?.waitForReady ?? rules.waitForReady,
      encoding,
      maxSendMessageSize: Math.min(rules.maxSendMessageSize, maxRequestSize),
      maxReceiveMessageSize: Math.min(rules.maxReceiveMessageSize, maxResponseSize),
      timeout: timeout === Infinity ? undefined : timeout,
    };
  }

  #notReady(timeout: number): RpcError {
    const reason = this.#channel.trouble ?? 'still connecting';
    return new RpcError(
      Status.DEADLINE_EXCEEDED,
      `no connection to ${this.#target} within ${timeout} ms (${reason})`,
    );
  }
}
