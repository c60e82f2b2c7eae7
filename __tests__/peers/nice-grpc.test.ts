import { interopContract } from './contract.js';
import { niceGrpcPeer } from './nice-grpc-peer.js';
import { tributaryPeer } from './tributary-peer.js';

const tributary = await tributaryPeer();

interopContract(niceGrpcPeer, tributary);
interopContract(await tributaryPeer({ compression: 'deflate' }), niceGrpcPeer);
interopContract(tributary, niceGrpcPeer);
