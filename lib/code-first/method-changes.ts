import type protobuf from 'protobufjs';
import { methodKind } from '../schema/method-kind.js';
import { fullName } from '../schema/wire/message-shape.js';
import type { TypeNames } from './type-names.js';

const GONE = 'was printed before and is declared no more: keep it while clients call it';

/** The methods that clients of before cannot call any more: their names, why, and what to do. */
export function methodChanges(
  then: protobuf.Service,
  now: protobuf.Service,
  names: { readonly before: TypeNames; readonly after: TypeNames },
): (readonly [member: string, reason: string])[] {
  const others = new Map(Object.entries(now.methods));
  return Object.values(then.methods).flatMap((method) => {
    const { name } = method;
    const other = others.get(name);
    if (other === undefined) return [[name, GONE] as const];
    const old = describe(method, names.before);
    const young = describe(other, names.after);
    if (old === young) return [];
    const reason = `was ${old} and is ${young}: change it back, or add a method of another name`;
    return [[name, reason] as const];
  });
}

function describe(method: protobuf.Method, names: TypeNames): string {
  const { requestType, responseType, requestStream, responseStream } = method;
  const scope = fullName(method.parent as protobuf.Service);
  const kind = methodKind(requestStream === true, responseStream === true);
  return `${kind}(${names.fullName(requestType, scope)}, ${names.fullName(responseType, scope)})`;
}
