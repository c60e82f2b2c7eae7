import { describe, expect, it } from '@jest/globals';
import { CheckedMetadata } from '../../lib/metadata/checked-metadata.js';
import { Metadata } from '../../lib/metadata/metadata.js';

describe('CheckedMetadata', () => {
  it('is a Metadata that takes what metadata may hold', () => {
    const trailers = new CheckedMetadata('trailers');
    trailers.set('X-One', 'a');
    trailers.add('x-one', 'b');
    trailers.add('raw-bin', Uint8Array.of(0, 255));
    trailers.set('grpc-status-details-bin', Buffer.of(1));
    expect(trailers).toBeInstanceOf(Metadata);
    expect(trailers.get('x-one')).toEqual(['a', 'b']);
    expect(trailers.get('raw-bin')).toEqual([Buffer.of(0, 255)]);
    expect(trailers.clone().get('x-one')).toEqual(['a', 'b']);
  });

  it('copies bytes', () => {
    const trailers = new CheckedMetadata('trailers');
    const bytes = Uint8Array.of(1);
    trailers.set('raw-bin', bytes);
    bytes[0] = 2;
    expect(trailers.get('raw-bin')).toEqual([Buffer.of(1)]);
  });

  it('refuses the rest at once, naming the key', () => {
    for (const [key, value, words] of [
      ['grpc-foo', 'x', /^trailers key 'grpc-foo' is reserved/],
      [':path', 'x', /^trailers key ':path' is reserved/],
      ['no spaces', 'x', /^trailers key 'no spaces' is no metadata key/],
      [5, ' x', /^trailers '5' must be text without a space/],
      ['text', 'ä', /^trailers 'text' must be printable ASCII/],
      ['text', 5, /^trailers 'text' must be a string, got 5 \(number\)$/],
      ['raw-bin', 'x', /^trailers 'raw-bin' must be bytes/],
    ] as [never, never, RegExp][]) {
      const trailers = new CheckedMetadata('trailers');
      expect(() => trailers.set(key, value)).toThrow(words);
      expect(() => trailers.add(key, value)).toThrow(TypeError);
      expect(trailers.getMap()).toEqual({});
    }
  });
});
