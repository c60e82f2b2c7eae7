/**
 * The property name of a proto field: protoc's JSON name of it, so `user_id` is `userId`,
 * `foo_1bar` is `foo1bar` and a name without underscores stays as it is.
 */
export function fieldName(protoName: string): string {
  return protoName.replace(/_+([^_]?)/g, (_, next: string) => next.toUpperCase());
}

/** The name of a method on stubs and handlers: `SayHello` and `say_hello` are both `sayHello`. */
export function methodName(protoName: string): string {
  const camel = fieldName(protoName);
  return camel.charAt(0).toLowerCase() + camel.slice(1);
}
