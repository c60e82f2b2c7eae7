import type { ProtoSchema } from './proto-schema.js';
import { type MessageShape, messageShape } from './wire/message-shape.js';

/**
 * The path of a property that is no field of its message, such as `pkg.M.items.nmae`, and the
 * fields that there are; undefined when all are. Encoding ignores such properties: this is for
 * messages that are written by hand, where one is a slip of the pen.
 *
 * @param value - a message that can be encoded
 */
export function unknownField(
  schema: ProtoSchema,
  name: string,
  value: object,
): { readonly path: string; readonly fields: readonly string[] } | undefined {
  return search(messageShape(schema.root.lookupType(name)), value, name);
}

function search(
  { fields }: MessageShape,
  message: object,
  path: string,
): ReturnType<typeof unknownField> {
  for (const [key, value] of Object.entries(message) as [string, unknown][]) {
    if (value === undefined || value === null) continue;
    const field = fields.find(({ property }) => property === key);
    if (field === undefined) {
      return { path: `${path}.${key}`, fields: fields.map(({ property }) => property) };
    }
    if (field.message === undefined) continue;
    const shape = messageShape(field.message);
    const several = field.rule === 'repeated' || field.rule === 'map';
    for (const inner of several ? Object.values(value) : [value]) {
      const found = search(shape, inner as object, `${path}.${key}`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
