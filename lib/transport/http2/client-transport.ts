import type { ChannelOptions } from '../../call/channel-options.js';
import type {
  ClientCallListener,
  ClientTransport,
  ClientWire,
  OutgoingCall,
} from '../../call/client-transport.js';
import { parseTarget } from '../../call/target.js';
import { Status } from '../../status/status.js';
import type { CallQueue, WaitingCall } from './call-queue.js';
import { ClientSession } from './client-session.js';
import { Http2ClientWire, type WireRules } from './client-wire.js';

/** Calls straight over HTTP/2. */
export class Http2ClientTransport implements ClientTransport, CallQueue {
  readonly secure = false;
  readonly #options: ChannelOptions;
  readonly #rules: WireRules;
  readonly #host: string;
  readonly #port: number;
  readonly #waiting = new Set<WaitingCall>();
  #session: ClientSession | undefined;
  #ready = false;

  constructor(target: string, options: ChannelOptions) {
    const authority = parseTarget(target);
    this.#host = authority.slice(0, authority.lastIndexOf(':'));
    this.#port = Number(authority.slice(authority.lastIndexOf(':') + 1));
    this.#options = options;
    this.#rules = {
      authority: options.authority ?? authority,
      scheme: 'http',
      userAgent: 'grpc-node-tributary/0.1.0',
      maxSendMessageSize: options.maxSendMessageSize ?? Infinity,
      maxReceiveMessageSize: options.maxReceiveMessageSize ?? 4 * 1024 * 1024,
    };
  }

  open(call: OutgoingCall, listener: ClientCallListener): ClientWire {
    const encoding = call.compression ?? this.#options.compression ?? 'identity';
    const waitForReady = call.waitForReady ?? this.#options.waitForReady ?? false;
    return new Http2ClientWire(call, listener, this, this.#rules, { waitForReady, encoding });
  }

  add(call: WaitingCall): void {
    if (this.#session !== undefined && this.#ready) call.start(this.#session);
    else {
      this.#waiting.add(call);
      this.#connect();
    }
  }

  remove(call: WaitingCall): void {
    this.#waiting.delete(call);
  }

  async waitForReady(): Promise<void> {
    this.#connect();
    while (!this.#ready) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  close(): void {
    this.#session?.destroy();
  }

  #connect(): void {
    this.#session ??= new ClientSession(
      this.#host,
      this.#port,
      () => {
        this.#ready = true;
        const session = this.#session as ClientSession;
        for (const call of this.#waiting) {
          this.#waiting.delete(call);
          call.start(session);
        }
      },
      () => {
        const reason = this.#session?.lossReason ?? 'lost';
        this.#session = undefined;
        this.#ready = false;
        for (const call of this.#waiting) {
          this.#waiting.delete(call);
          call.fail(Status.UNAVAILABLE, reason);
        }
      },
    );
  }
}
