import { interopContract } from './contract.js';
import { niceGrpcPeer } from './nice-grpc-peer.js';
import { tributaryPeer } from './tributary-peer.js';

const tributary = await tributaryPeer();
const overHttp2 = await tributaryPeer('http2');

interopContract(niceGrpcPeer, tributary);
interopContract(await tributaryPeer('grpc', { compression: 'deflate' }), niceGrpcPeer);
interopContract(tributary, niceGrpcPeer);
interopContract(overHttp2, niceGrpcPeer);
interopContract(await tributaryPeer('http2', { compression: 'deflate' }), niceGrpcPeer);
interopContract(niceGrpcPeer, overHttp2);
interopContract(niceGrpcPeer, await tributaryPeer('http2', { replyCompression: 'deflate' }));
