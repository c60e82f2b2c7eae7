import { interopContract } from './contract.js';
import { tributaryPeer } from './tributary-peer.js';

const tributary = await tributaryPeer();

interopContract(tributary, tributary);
