import { interopContract } from './contract.js';
import { tributaryPeer } from './tributary-peer.js';

const overGrpc = await tributaryPeer();
const overHttp2 = await tributaryPeer('http2');

for (const client of [overGrpc, overHttp2]) {
  for (const server of [overGrpc, overHttp2]) interopContract(client, server);
}

const compressing = { compression: 'gzip', replyCompression: 'deflate' } as const;
interopContract(
  await tributaryPeer('http2', compressing),
  await tributaryPeer('http2', compressing),
);
interopContract(overGrpc, await tributaryPeer('http2', compressing));
interopContract(await tributaryPeer('http2', compressing), overGrpc);
