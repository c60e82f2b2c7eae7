import type { KeepaliveOptions } from './keepalive-options.js';
import type { ClientTlsOptions } from './tls-options.js';

/** How messages are compressed. */
export type Compression = 'identity' | 'gzip' | 'deflate';

/** What a client may say of its connections, whatever the transport; each has a safe default. */
export interface ChannelOptions {
  /** Secures the connections: `true` trusts the authorities that Node.js trusts. Clear text unless given. */
  readonly tls?: ClientTlsOptions | boolean | undefined;
  /** Every 5 minutes while calls are open unless given; `false` switches pings off. */
  readonly keepalive?:
    | (KeepaliveOptions & { readonly withoutCalls?: boolean | undefined })
    | false
    | undefined;
  /** The largest message that is taken, in bytes; 4 MiB unless given, Infinity for no limit. */
  readonly maxReceiveMessageSize?: number | undefined;
  /** The largest message that is sent, in bytes; Infinity unless given. */
  readonly maxSendMessageSize?: number | undefined;
  /** How requests are compressed; 'identity', not at all, unless given. A call may say otherwise. */
  readonly compression?: Compression | undefined;
}
