import { checkFunction } from '../base/check.js';
import { describeValue } from '../base/describe-value.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { ServiceDescriptor } from '../schema/service-descriptor.js';
import type { AnyHandler } from './run-handler.js';

/**
 * The methods of `service` for which `handlers`, an object or a class instance, has a handler.
 *
 * @throws {TypeError} for a handler that is no function or belongs to no method
 */
export function handlersOf(
  service: ServiceDescriptor,
  handlers: unknown,
): [MethodDescriptor, AnyHandler][] {
  const methods: [string, MethodDescriptor][] = Object.entries(service.methods);
  checkHandlers(
    service.name,
    methods.map(([name]) => name),
    handlers,
  );
  const found: [MethodDescriptor, AnyHandler][] = [];
  for (const [name, method] of methods) {
    const handler = (handlers as { [name: string]: unknown })[name];
    if (handler === undefined || handler === Reflect.get(Object.prototype, name)) continue;
    checkFunction(`handler ${service.name}.${name}`, handler);
    found.push([method, (handler as AnyHandler).bind(handlers)]);
  }
  return found;
}

/** A misspelled handler would never be called: says so. A class may have methods of its own. */
function checkHandlers(service: string, names: readonly string[], handlers: unknown): void {
  if (typeof handlers !== 'object' || handlers === null) {
    throw new TypeError(
      `add() takes an object with the handlers of ${service}, got ${describeValue(handlers)}`,
    );
  }
  if (Object.getPrototypeOf(handlers) !== Object.prototype) return;
  for (const name of Object.keys(handlers)) {
    if (!names.includes(name)) {
      throw new TypeError(`${service} has no method '${name}'; it has ${names.join(', ')}`);
    }
  }
}
