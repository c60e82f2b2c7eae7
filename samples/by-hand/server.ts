import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Server } from 'tributary';
import { TextTools } from './service.js';

const compress = promisify(gzip);

export function addTextTools(server: Server): void {
  server.add(TextTools, {
    count({ text }) {
      const letters: Record<string, number> = {};
      for (const letter of text.toLowerCase().match(/\p{L}/gu) ?? []) {
        letters[letter] = (letters[letter] ?? 0) + 1;
      }
      return { words: wordsOf(text).length, letters };
    },

    // Any iterable answers a stream, an array too.
    words({ text }) {
      return wordsOf(text).sort((a, b) => b.length - a.length);
    },

    async *gzip(stream) {
      for await (const chunk of stream) yield await compress(chunk);
    },
  });
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}'’-]+/gu) ?? [];

// tsx samples/by-hand/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addTextTools(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The text service listens on ${address}`);
}
