import { fieldsOf, isMessage, type MessageSpec, type TypeSpec } from './declarations.js';

/**
 * Everything that `roots` are made of, themselves included, in the order in which it is come across.
 * Google's well-known types are in it, what they hold is not.
 */
export function reach(roots: Iterable<MessageSpec>): ReadonlySet<TypeSpec> {
  const types = new Set<TypeSpec>(roots);
  // The set grows while it is gone through.
  for (const type of types) {
    if (isMessage(type)) for (const each of typesIn(type)) types.add(each);
  }
  return types;
}

/** The types of a message's fields; none of a well-known type, which nobody prints. */
export function typesIn(message: MessageSpec): TypeSpec[] {
  if (message.file !== undefined) return [];
  return fieldsOf(message).flatMap(({ name, type }) => {
    if (typeof type === 'string') return [];
    if (typeof type === 'object') return type;
    try {
      return type();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`${message.name}.${name}: ${reason}`, { cause });
    }
  });
}
