import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Client, connect, RpcError } from 'tributary';
import type { Say } from '../say.js';
import { Upload } from './service.js';

const file = new URL('../route-guide/places.json', import.meta.url);

export async function run(client: Client, say: Say) {
  const stub = client.stub(Upload);

  say('#', 'Headers go out with the call, and come back before the reply');
  // `await using` cancels the call if this function is left before the call has ended.
  await using stream = stub.collect({ metadata: { 'x-file-name': 'places.json' } });
  say('→', 'header x-file-name: places.json');
  const [uploadId] = (await stream.headers()).get('x-upload-id');
  say('←', `header x-upload-id: ${uploadId}`);

  say('#', 'A file goes up in chunks; the trailer brings the checksum of what arrived');
  const hash = createHash('sha256');
  for await (const data of createReadStream(file, { highWaterMark: 4_096 })) {
    hash.update(data);
    await stream.write({ data }); // waits when there is no room: the file is never all in memory
    say('→', `${data.length} bytes`);
  }
  const { bytes, chunks } = await stream.finish();
  say('←', `${bytes} bytes in ${chunks} chunks`);
  const { trailers } = await stream.status(); // never rejects
  const [sha256] = trailers.get('x-sha256');
  say('←', `trailer x-sha256: ${sha256}`);
  const intact = sha256 === hash.digest('hex');
  say('·', intact ? 'the checksum is that of the file' : 'the checksum is NOT that of the file');

  say('#', 'Without its header the call is refused');
  let refusal: RpcError | undefined;
  try {
    await stub.collect([{ data: Buffer.from('anonymous') }]);
  } catch (error) {
    if (!RpcError.is(error)) throw error;
    refusal = error;
    say('✗', error.message);
  }
  return { uploadId, bytes, chunks, intact, refusal };
}

// tsx samples/headers/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
