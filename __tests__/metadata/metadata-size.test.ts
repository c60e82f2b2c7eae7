import { expect, it } from '@jest/globals';
import { Metadata, metadataSize } from '../../lib/context/metadata.js';

it('counts keys, values and 32 for each entry, as HTTP/2 does', () => {
  const metadata = new Metadata();
  expect(metadataSize(metadata)).toBe(0);
  metadata.add('ab', 'cde');
  expect(metadataSize(metadata)).toBe(37);
  metadata.add('ab', '');
  expect(metadataSize(metadata)).toBe(37 + 34);
  metadata.add('__proto__', 'x'.repeat(100));
  expect(metadataSize(metadata)).toBe(37 + 34 + 9 + 100 + 32);
});

it.each([
  [0, 0],
  [1, 4],
  [3, 4],
  [4, 8],
])('counts %s bytes as %s characters of base64', (bytes, characters) => {
  const metadata = new Metadata();
  metadata.add('x-bin', Buffer.alloc(bytes));
  expect(metadataSize(metadata)).toBe(5 + characters + 32);
});
