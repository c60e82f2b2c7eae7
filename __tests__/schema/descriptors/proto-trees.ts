import { readdirSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProto, type ProtoSchema } from '../../../lib/schema/index.js';

const TESTS = new URL('../../', import.meta.url);

/** Every tree of `.proto` files there is here: where it is, and what else must be looked in. */
const TREES = [
  ['../proto/'],
  ['peers/'],
  ['schema/proto/', 'schema/proto/vendor/', 'schema/proto/shop/orders/'],
  ['schema/descriptors/proto/'],
] as const;

/** A tree, loaded. */
export interface ProtoTree {
  readonly name: string;
  readonly dirs: readonly string[];
  load(): Promise<ProtoSchema>;
}

export const protoTrees: readonly ProtoTree[] = TREES.map((paths) => {
  const dirs = paths.map((path) => fileURLToPath(new URL(path, TESTS)));
  const top = dirs[0] as string;
  return {
    name: relative(fileURLToPath(new URL('..', TESTS)), top),
    dirs,
    load: () =>
      loadProto(
        readdirSync(top, { recursive: true })
          .map(String)
          .filter((file) => file.endsWith('.proto')),
        { includeDirs: dirs },
      ),
  };
});
