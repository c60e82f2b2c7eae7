import protobuf from 'protobufjs';
import type { ProtoSchema } from '../proto-schema.js';
import { shorten } from '../wire/describe-misfit.js';

/**
 * Finds messages by their full names, in the schema of `type` first. Not with protobufjs's `lookup`:
 * that also takes half a name, and remembers every name it was ever asked for, which peers choose.
 *
 * @returns a function that throws an Error for a message that is nowhere
 */
export function typeLookup(
  type: protobuf.Type,
  schemas: readonly ProtoSchema[],
): (name: string) => protobuf.Type {
  const roots = [type.root, ...schemas.map(({ root }) => root)];
  return (name) => {
    for (const root of roots) {
      const found = find(root, name);
      if (found !== undefined) return found;
    }
    throw new Error(`there is no message '${shorten(name)}' in the schema; schemas takes others`);
  };
}

function find(root: protobuf.Root, name: string): protobuf.Type | undefined {
  let found: protobuf.ReflectionObject | null = root;
  for (const part of name.split('.')) {
    found = found instanceof protobuf.Namespace ? found.get(part) : null;
  }
  return found instanceof protobuf.Type ? found : undefined;
}
