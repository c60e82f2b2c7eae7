import {
  type ChannelCredentials,
  type ChannelInterface,
  connectivityState,
  type ChannelOptions as GrpcChannelOptions,
} from '@grpc/grpc-js';
import { ignore } from '../../base/deferred.js';
import { limitedWait } from '../../base/limited-wait.js';
import { wordsOf } from '../../base/words-of.js';
import type { ChannelOptions } from '../../call/channel-options.js';
import type {
  ClientCallListener,
  ClientTransport,
  ClientWire,
  OutgoingCall,
} from '../../call/client-transport.js';
import { parseTarget } from '../../call/target.js';
import { RpcError } from '../../status/rpc-error.js';
import { Status } from '../../status/status.js';
import { toGrpcOptions } from './channel-options.js';
import { Channels } from './channels.js';
import { type ClientCredentials, toClientCredentials } from './client-credentials.js';
import { GrpcClientWire } from './client-wire.js';
import { type MethodRule, methodRules } from './method-rules.js';
import { proxiedTarget } from './proxied-target.js';
import { toServiceConfig } from './service-config.js';

/**
 * The longest `grpc-timeout` to send, in milliseconds: grpc-js's server keeps 32 bits of it, so that
 * a longer one may become any other, most often one that has expired.
 */
const LONGEST_WIRE_TIMEOUT = 2 ** 31 - 1;

/** Calls over a grpc-js channel. */
export class GrpcClientTransport implements ClientTransport {
  readonly secure: boolean;
  readonly #channels: Channels;
  readonly #channel: ChannelInterface;
  readonly #credentials: ClientCredentials;
  readonly #target: string;
  readonly #waitForReady: boolean;
  readonly #ruleFor: ((path: string) => MethodRule) | undefined;

  constructor(target: string, options: ChannelOptions, raw: GrpcChannelOptions) {
    this.#target = parseTarget(target);
    this.secure = options.tls !== undefined && options.tls !== false;
    this.#waitForReady = options.waitForReady === true;
    this.#credentials = toClientCredentials(options.tls);
    const serviceConfig = toServiceConfig(options);
    const destination = proxiedTarget(this.#target, options.proxy);
    this.#channels = makeChannels(destination.target, this.#credentials.credentials, {
      ...destination.options,
      ...toGrpcOptions(options, serviceConfig),
      ...raw,
    });
    // Once grpc-js has found the config to be well-formed.
    this.#ruleFor = methodRules(serviceConfig);
    this.#channel = this.#channels.usual.channel;
  }

  open(outgoing: OutgoingCall, listener: ClientCallListener): ClientWire {
    const { path, metadata, deadline, compression } = outgoing;
    const onWire = deadline - Date.now() > LONGEST_WIRE_TIMEOUT ? Infinity : deadline;
    const channels = this.#channels;
    const lane = compression === undefined ? channels.usual : channels.lane(compression);
    const rule = this.#ruleFor?.(path);
    const call = lane.channel.createCall(path, onWire, null, null, undefined);
    const waitForReady = outgoing.waitForReady ?? rule?.waitForReady ?? this.#waitForReady;
    if (waitForReady) metadata.setOptions({ ...metadata.getOptions(), waitForReady });
    return new GrpcClientWire(call, metadata, listener, lane, rule);
  }

  waitForReady(timeout: number, signal: AbortSignal | undefined): Promise<void> {
    return limitedWait({ timeout, signal, late: () => this.#notReady(timeout) }, (wait) => {
      const check = (): void => {
        if (wait.over) return;
        const state = this.#channel.getConnectivityState(true);
        if (state === connectivityState.READY) wait.resolve();
        else if (state === connectivityState.SHUTDOWN) wait.reject(closed());
        else this.#channel.watchConnectivityState(state, Infinity, check);
      };
      check();
      return ignore;
    });
  }

  close(): void {
    this.#channels.close();
    this.#credentials.close();
  }

  #notReady(timeout: number): RpcError {
    const state = connectivityState[this.#channel.getConnectivityState(false)];
    return new RpcError(
      Status.DEADLINE_EXCEEDED,
      `no connection to ${this.#target} within ${timeout} ms (the channel is in ${state})`,
    );
  }
}

/** A service config that does not hold is found out here, and by nothing else. */
function makeChannels(
  target: string,
  credentials: ChannelCredentials,
  options: GrpcChannelOptions,
): Channels {
  try {
    return new Channels(target, credentials, options);
  } catch (cause) {
    if (options['grpc.service_config'] === undefined) throw cause;
    throw new RangeError(`serviceConfig: ${wordsOf(cause)}`, { cause });
  }
}

function closed(): RpcError {
  return new RpcError(Status.UNAVAILABLE, 'the client is closed');
}
