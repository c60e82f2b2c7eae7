import {
  type ChannelCredentials,
  type ChannelInterface,
  type ChannelOptions,
  Client,
  compressionAlgorithms,
} from '@grpc/grpc-js';
import type { Compression } from '../../call/compression.js';

/** Below this many bytes a compressed message would be no smaller than the message. */
const WORTH_COMPRESSING = 64;

/** How many bytes of messages go as one at most. */
const MOST_JOINED = 64 * 1024;

/** A channel, and how messages are sent there. */
export interface Lane {
  readonly channel: ChannelInterface;
  /** From how many bytes on a message is compressed. */
  readonly compressFrom: number;
  /** How many bytes of messages may go as one; 0 for none. */
  readonly mostJoined: number;
}

/**
 * The channels to one target. grpc-js compresses by the channel: a call that wants another
 * compression than the client's goes over a second channel with connections of its own, made when
 * it is first wanted. To send as it is over a channel that compresses needs none.
 */
export class Channels {
  readonly #open: (options: ChannelOptions) => Client;
  readonly #options: ChannelOptions;
  readonly #compression: Compression;
  readonly #clients: Client[] = [];
  readonly #lanes = new Map<Compression, Lane>();
  /** What the client itself says. */
  readonly usual: Lane;

  constructor(target: string, credentials: ChannelCredentials, options: ChannelOptions) {
    this.#open = (channelOptions) => new Client(target, credentials, channelOptions);
    this.#options = options;
    this.#compression = compressionOf(options);
    this.usual = this.#add(this.#compression, options);
    if (this.#compression === 'identity') return;
    const { channel } = this.usual;
    this.#lanes.set('identity', { channel, compressFrom: Infinity, mostJoined: 0 });
  }

  /** For a call that says how it wants to be compressed. */
  lane(compression: Compression): Lane {
    const known = this.#lanes.get(compression);
    if (known !== undefined) return known;
    const algorithm = compressionAlgorithms[compression];
    return this.#add(compression, {
      ...this.#options,
      'grpc.default_compression_algorithm': algorithm,
    });
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #add(compression: Compression, options: ChannelOptions): Lane {
    const client = this.#open(options);
    this.#clients.push(client);
    const compressFrom = compression === 'identity' ? 0 : WORTH_COMPRESSING;
    const mostJoined = compression === 'identity' ? mostJoinedOf(options) : 0;
    const lane = { channel: client.getChannel(), compressFrom, mostJoined };
    this.#lanes.set(compression, lane);
    return lane;
  }
}

/** grpc-js takes messages that go as one for one, and holds it to the limit for one. */
function mostJoinedOf(options: ChannelOptions): number {
  const limit = options['grpc.max_send_message_length'] ?? -1;
  return limit < 0 ? MOST_JOINED : Math.min(limit, MOST_JOINED);
}

function compressionOf(options: ChannelOptions): Compression {
  const algorithm = options['grpc.default_compression_algorithm'];
  if (algorithm === compressionAlgorithms.gzip) return 'gzip';
  return algorithm === compressionAlgorithms.deflate ? 'deflate' : 'identity';
}
