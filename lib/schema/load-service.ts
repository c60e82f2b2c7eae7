import { describeValue } from '../base/describe-value.js';
import { type LoadOptions, loadProto } from './load-proto.js';
import type { DynamicMethods, ServiceDescriptor, ServiceMethods } from './service-descriptor.js';

/**
 * Loads one service of a `.proto` file: `await loadService('greeter.proto', 'samples.Greeter')`.
 *
 * @typeParam Methods - the types of its methods, such as `{ sayHello: Unary<Hello, Reply> }`
 * @throws what {@link loadProto} throws; Error naming the services there are, when it is not among them
 */
export async function loadService<Methods extends ServiceMethods<Methods> = DynamicMethods>(
  file: string | URL | readonly (string | URL)[],
  name: string,
  options?: LoadOptions,
): Promise<ServiceDescriptor<Methods>> {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(
      `expected the full name of a service, such as 'samples.Greeter', got ${describeValue(name)}`,
    );
  }
  return (await loadProto(file, options)).service<Methods>(name);
}
