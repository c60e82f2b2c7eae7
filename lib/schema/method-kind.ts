/** The four kinds of gRPC method, told apart by which sides stream. */
export type MethodKind = 'unary' | 'serverStream' | 'clientStream' | 'bidiStream';

/** The kind of a method from its two streaming flags. */
export function methodKind(requestStream: boolean, responseStream: boolean): MethodKind {
  if (requestStream) return responseStream ? 'bidiStream' : 'clientStream';
  return responseStream ? 'serverStream' : 'unary';
}
