import { expect, it } from '@jest/globals';
import { EncodedMessage } from '../../lib/base/encoded-message.js';
import { canJoin, joinMessages } from '../../lib/transport/grpc/joined-message.js';

// In a file of its own: it ends joining for the whole process.
it('messages are joined no more once the prefix is not where it was', () => {
  expect(canJoin()).toBe(true);
  const joined = joinMessages([Buffer.from('abc'), Buffer.from('de')].map(EncodedMessage.of));
  const output = Buffer.alloc(joined.length + 6);
  output.writeUInt32BE(joined.length, 2);
  expect(() => joined.copy(output, 6)).toThrow('grpc-js frames messages in an unknown way');
  expect(joined.framed).toBe(false);
  expect(canJoin()).toBe(false);
});
