import { connect, grpc, http2 } from 'tributary';
import type { Contender } from '../../contender.js';
import { type Reading, TributaryCaller } from './client.js';
import { serve } from './server.js';
import { withOwnCodecs, withPlainCodecs } from './service.js';

const TRANSPORTS = { grpc, http2 };
const CODECS = { own: withOwnCodecs, plain: withPlainCodecs };

/** Tributary in one of the ways in which it can be used. */
export function tributary(
  transportName: keyof typeof TRANSPORTS,
  codecs: keyof typeof CODECS = 'own',
  reading: Reading = 'for await',
): Contender {
  const transport = TRANSPORTS[transportName]();
  return {
    serve: async () => await serve(await CODECS[codecs](), transport),
    async connect(port) {
      const client = connect(`127.0.0.1:${port}`, { transport });
      return new TributaryCaller(client, await CODECS[codecs](), reading);
    },
  };
}
