import { interopContract } from '../peers/contract.js';
import { tributaryPeer } from '../peers/tributary-peer.js';
import { pythonPeer } from './python-peer.js';

const python = pythonPeer();

for (const transport of ['grpc', 'http2'] as const) {
  const tributary = await tributaryPeer(transport);
  interopContract(tributary, python);
  interopContract(python, tributary);
  interopContract(await tributaryPeer(transport, { compression: 'gzip' }), pythonPeer('deflate'));
}

interopContract(pythonPeer('gzip'), await tributaryPeer('grpc'));
interopContract(pythonPeer('gzip'), await tributaryPeer('http2', { replyCompression: 'gzip' }));
interopContract(
  pythonPeer('deflate'),
  await tributaryPeer('http2', { replyCompression: 'deflate' }),
);
