import { interopContract } from './contract.js';
import { grpcJsPeer } from './grpc-js-peer.js';
import { tributaryPeer } from './tributary-peer.js';

const compressing = { compression: 'gzip', replyCompression: 'gzip' } as const;

for (const tributary of [
  await tributaryPeer(),
  await tributaryPeer('http2'),
  await tributaryPeer('http2', compressing),
]) {
  interopContract(grpcJsPeer, tributary);
  interopContract(tributary, grpcJsPeer);
}
