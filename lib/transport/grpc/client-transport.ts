import {
  type ChannelInterface,
  type ChannelOptions,
  Client,
  connectivityState,
} from '@grpc/grpc-js';
import { ignore } from '../../base/deferred.js';
import { limitedWait } from '../../base/limited-wait.js';
import type { ChannelOptions as TransportOptions } from '../../call/channel-options.js';
import type {
  ClientCallListener,
  ClientTransport,
  ClientWire,
  OutgoingCall,
} from '../../call/client-transport.js';
import { parseTarget } from '../../call/target.js';
import { RpcError } from '../../status/rpc-error.js';
import { Status } from '../../status/status.js';
import { type ClientCredentials, toClientCredentials } from './client-credentials.js';
import { GrpcClientWire } from './client-wire.js';

const DEFAULTS: ChannelOptions = {
  // Channelz costs something on every message, and few look at it.
  'grpc.enable_channelz': 0,
  // Up to here grpc-js calls a message sent when it has only been stored for a retry, and the longer
  // that list is, the slower each message gets: 1 MiB, its own default, costs a third.
  'grpc.per_rpc_retry_buffer_size': 64 * 1024,
};

/**
 * The longest `grpc-timeout` to send, in milliseconds: grpc-js's server keeps 32 bits of it, so that
 * a longer one may become any other, most often one that has expired.
 */
const LONGEST_WIRE_TIMEOUT = 2 ** 31 - 1;

/** Calls over a grpc-js channel. */
export class GrpcClientTransport implements ClientTransport {
  readonly #client: Client;
  readonly #channel: ChannelInterface;
  readonly #credentials: ClientCredentials;
  readonly #target: string;

  constructor(target: string, channelOptions: ChannelOptions, tls: TransportOptions['tls']) {
    this.#target = parseTarget(target);
    this.#credentials = toClientCredentials(tls);
    const options = { ...DEFAULTS, ...channelOptions };
    this.#client = new Client(this.#target, this.#credentials.credentials, options);
    this.#channel = this.#client.getChannel();
  }

  open(outgoing: OutgoingCall, listener: ClientCallListener): ClientWire {
    const { path, metadata, deadline, waitForReady } = outgoing;
    const onWire = deadline - Date.now() > LONGEST_WIRE_TIMEOUT ? Infinity : deadline;
    const call = this.#channel.createCall(path, onWire, null, null, undefined);
    if (waitForReady) metadata.setOptions({ ...metadata.getOptions(), waitForReady });
    return new GrpcClientWire(call, metadata, listener);
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
    this.#client.close();
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

function closed(): RpcError {
  return new RpcError(Status.UNAVAILABLE, 'the client is closed');
}
