import { checkOptions } from '../../base/check.js';
import type { Transport } from '../../call/transport.js';
import { Http2ClientTransport } from './client-transport.js';
import { Http2ServerTransport } from './server-transport.js';

/** What the http2 transport may be told. */
export type Http2Options = Readonly<Record<never, never>>;

/** Calls straight over `node:http2`: every message before an error, and near its floor. */
export function http2(options: Http2Options = {}): Transport {
  checkOptions('http2()', options, []);
  return {
    client: (target, channel) => new Http2ClientTransport(target, channel),
    server: (limits) => new Http2ServerTransport(limits),
  };
}
