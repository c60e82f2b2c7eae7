import { gunzipSync } from 'node:zlib';
import { type Client, connect } from 'tributary';
import type { Say } from '../say.js';
import { TextTools } from './service.js';

const text = 'A tributary is a stream that flows into a larger stream';

export async function run(client: Client, say: Say) {
  const stub = client.stub(TextTools);

  say('#', 'JSON both ways: whatever JSON can say can be a message');
  say('→', JSON.stringify({ text }));
  const count = await stub.count({ text });
  say('←', JSON.stringify(count));

  say('#', 'JSON on a stream: a message can be a plain string');
  const words: string[] = [];
  for await (const word of stub.words({ text })) words.push(word);
  say('←', words.join(' '));

  say('#', 'Raw bytes both ways: chunks go out, gzipped ones come back');
  const chunks = [text, ' '.repeat(100), text].map((chunk) => Buffer.from(chunk));
  say('→', chunks.map(({ length }) => `${length} bytes`).join(', '));
  const zipped: Uint8Array[] = [];
  for await (const chunk of stub.gzip(chunks)) {
    zipped.push(chunk);
    say('←', `${chunk.length} bytes`);
  }
  const intact = gunzipSync(Buffer.concat(zipped)).equals(Buffer.concat(chunks));
  say('·', intact ? 'unzipped, they are what was sent' : 'unzipped, they are NOT what was sent');
  return { count, words, intact };
}

// tsx samples/by-hand/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
