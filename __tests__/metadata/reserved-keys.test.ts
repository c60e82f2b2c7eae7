import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mergeTrailers } from '../../lib/metadata/merge-trailers.js';
import { Metadata } from '../../lib/metadata/metadata.js';
import { dropReserved } from '../../lib/metadata/reserved-keys.js';
import { toMetadata } from '../../lib/metadata/to-metadata.js';

describe("Node's HTTP/2", () => {
  const server = createServer();
  let session: ClientHttp2Session;

  beforeAll(async () => {
    server.on('stream', (stream) => stream.on('error', () => {}).respond({}, { endStream: true }));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(session, 'connect');
  });
  afterAll(() => {
    session.destroy();
    server.close();
  });

  /** Whether Node throws when it is to send this. */
  function refuses(headers: { [key: string]: string | string[] }): boolean {
    try {
      const request = session.request({ ':method': 'POST', ':path': '/', ...headers });
      request.on('error', () => {});
      request.close();
      return false;
    } catch {
      return true;
    }
  }

  const known = Object.entries(constants)
    .filter(([name]) => name.startsWith('HTTP2_HEADER_'))
    .map(([, key]) => key as string);

  it('refuses no header that metadata may hold, of one value or two', () => {
    expect(known.length).toBeGreaterThan(50);
    for (const value of ['x', ['x', 'y']]) {
      for (const key of known.filter((each) => takes(each, value))) {
        expect({ key, value, refused: refuses({ [key]: value }) }).toMatchObject({
          refused: false,
        });
      }
    }
  });

  it('would refuse what we refuse two values of', () => {
    const single = known.filter((key) => takes(key, 'x') && !takes(key, ['x', 'y']));
    expect(single).toContain('authorization');
    expect(single.filter((key) => !refuses({ [key]: ['x', 'y'] }))).toEqual([]);
  });
});

function takes(key: string, value: string | string[]): boolean {
  try {
    toMetadata('metadata', { [key]: value });
    return true;
  } catch {
    return false;
  }
}

describe('dropReserved', () => {
  it("takes out the protocol's own keys, status details aside", () => {
    const metadata = new Metadata();
    metadata.set('content-type', 'application/grpc');
    metadata.set('grpc-previous-rpc-attempts', '1');
    metadata.set('grpc-status-details-bin', Buffer.of(1));
    metadata.set('mine', 'x');
    dropReserved(metadata);
    expect(Object.keys(metadata.getMap())).toEqual(['grpc-status-details-bin', 'mine']);
  });
});

describe('mergeTrailers', () => {
  it('adds values, and replaces status details by those of the error', () => {
    const trailers = toMetadata('trailers', {
      k: 'call',
      'grpc-status-details-bin': Buffer.of(1),
    });
    mergeTrailers(trailers, toMetadata('trailers', { k: 'error' }));
    expect(trailers.get('k')).toEqual(['call', 'error']);
    expect(trailers.get('grpc-status-details-bin')).toEqual([Buffer.of(1)]);
    const details = { 'grpc-status-details-bin': Buffer.of(2) };
    mergeTrailers(trailers, toMetadata('trailers', details));
    expect(trailers.get('grpc-status-details-bin')).toEqual([Buffer.of(2)]);
  });
});
