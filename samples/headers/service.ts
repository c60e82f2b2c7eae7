import { type ClientStream, loadService } from 'tributary';

export interface Chunk {
  data: Uint8Array;
}

export interface Receipt {
  /** An int64, and so a bigint. */
  bytes: bigint;
  chunks: number;
}

export const Upload = await loadService<{ collect: ClientStream<Chunk, Receipt> }>(
  new URL('../../proto/headers.proto', import.meta.url),
  'samples.Upload',
);
