/** The four kinds of gRPC method, told apart by which sides stream. */
export type MethodKind = 'unary' | 'serverStream' | 'clientStream' | 'bidiStream';

/** The kind of a method from its two streaming flags. */
export function methodKind(requestStream: boolean, responseStream: boolean): MethodKind {
  if (requestStream) return responseStream ? 'bidiStream' : 'clientStream';
  return responseStream ? 'serverStream' : 'unary';
}

/** Whether a method of this kind takes any number of requests, not just one. */
export function streamsRequests(kind: MethodKind): boolean {
  return kind === 'clientStream' || kind === 'bidiStream';
}

/** Whether a method of this kind gives any number of replies, not just one. */
export function streamsReplies(kind: MethodKind): boolean {
  return kind === 'serverStream' || kind === 'bidiStream';
}
