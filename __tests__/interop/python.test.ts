import { test } from '@jest/globals';
import { interopContract } from '../peers/contract.js';
import { tributaryPeer } from '../peers/tributary-peer.js';
import { missingForPython } from './python.js';
import { pythonPeer } from './python-peer.js';

const missing = missingForPython();

if (missing === undefined) await contracts();
else test.skip(`grpcio: ${missing}`, () => {});

async function contracts(): Promise<void> {
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
}
