import { createHash, randomUUID } from 'node:crypto';
import { Server, Status } from 'tributary';
import { Upload } from './service.js';

export function addUpload(server: Server): void {
  server.add(Upload, {
    async collect(stream, ctx) {
      // Request headers are here before the first message. A key can come more than once.
      const [name] = ctx.metadata.get('x-file-name');
      if (!name) return ctx.abort(Status.INVALID_ARGUMENT, 'the header x-file-name is missing');

      // Response headers leave now; without this they would leave with the reply.
      ctx.sendHeaders({ 'x-upload-id': randomUUID() });

      const hash = createHash('sha256');
      const receipt = { bytes: 0n, chunks: 0 };
      for await (const { data } of stream) {
        hash.update(data);
        receipt.bytes += BigInt(data.length);
        receipt.chunks++;
      }

      // Trailers go with the status, so they can tell what is known only at the end.
      ctx.trailers.set('x-sha256', hash.digest('hex'));
      return receipt;
    },
  });
}

// tsx samples/headers/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addUpload(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The upload service listens on ${address}`);
}
