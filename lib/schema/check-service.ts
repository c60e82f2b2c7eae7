import { describeValue } from '../base/describe-value.js';
import type { ServiceDescriptor } from './service-descriptor.js';

/** Throws a TypeError unless `service` is a service descriptor. */
export function checkService(what: string, service: unknown): asserts service is ServiceDescriptor {
  const given = service as Partial<ServiceDescriptor> | null | undefined;
  const methods: unknown = given?.methods;
  if (typeof given?.name !== 'string' || typeof methods !== 'object' || methods === null) {
    throw new TypeError(
      `${what} takes a service (from loadService or service()), got ${describeValue(service)}`,
    );
  }
}
