import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

const require = createRequire(import.meta.url);
// protobufjs has the definitions of some of Google's files in memory; these it ships as files.
const SHIPPED =
  /^google\/protobuf\/(?:api|descriptor|source_context|type|compiler\/plugin)\.proto$/;

/**
 * One of Google's well-known files, such as `google/protobuf/timestamp.proto`, which need not be
 * installed: its definitions, or the path of a copy of it; undefined for any other name.
 */
export function wellKnownFile(name: string): protobuf.INamespace | string | undefined {
  if (SHIPPED.test(name)) return require.resolve(`protobufjs/${name}`);
  // The check keeps a file that happens to be named like a property of the registry's function out.
  return name.startsWith('google/protobuf/') ? (protobuf.common.get(name) ?? undefined) : undefined;
}
