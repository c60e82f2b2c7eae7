import type protobuf from 'protobufjs';
import type { OptionsWriter } from './describe-options.js';
import type { ServiceDescription } from './descriptor-types.js';
import { typeName } from './type-name.js';

export function describeService(
  service: protobuf.Service,
  options: OptionsWriter,
): ServiceDescription {
  return {
    name: service.name,
    method: service.methodsArray.map((method) => describeMethod(method, options)),
    options: options.of('ServiceOptions', service, service.parent),
  };
}

function describeMethod(
  method: protobuf.Method,
  options: OptionsWriter,
): ServiceDescription['method'][number] {
  method.resolve();
  return {
    name: method.name,
    inputType: typeName(method.resolvedRequestType as protobuf.Type),
    outputType: typeName(method.resolvedResponseType as protobuf.Type),
    options: options.of('MethodOptions', method, method.parent),
    clientStreaming: method.requestStream === true || undefined,
    serverStreaming: method.responseStream === true || undefined,
  };
}
