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

/** A channel, and from how many bytes on a call sends its messages compressed there. */
export interface Lane {
  readonly channel: ChannelInterface;
  readonly compressFrom: number;
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
    this.#lanes.set('identity', { channel: this.usual.channel, compressFrom: Infinity });
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
    const lane = { channel: client.getChannel(), compressFrom };
    this.#lanes.set(compression, lane);
    return lane;
  }
}

function compressionOf(options: ChannelOptions): Compression {
  const algorithm = options['grpc.default_compression_algorithm'];
  if (algorithm === compressionAlgorithms.gzip) return 'gzip';
  return algorithm === compressionAlgorithms.deflate ? 'deflate' : 'identity';
}
