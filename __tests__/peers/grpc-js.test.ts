import { interopContract } from './contract.js';
import { grpcJsPeer } from './grpc-js-peer.js';
import { tributaryPeer } from './tributary-peer.js';

const tributary = await tributaryPeer();

interopContract(grpcJsPeer, tributary);
interopContract(tributary, grpcJsPeer);
