import { describeValue } from '../base/describe-value.js';
import type { ServiceDescriptor } from './service-descriptor.js';

/** Throws a TypeError unless `service` is a service descriptor. */
export function checkService(what: string, service: unknown): asserts service is ServiceDescriptor {
  const given = service as Partial<ServiceDescriptor> | null | undefined;
  if (typeof given?.name !== 'string' || typeof given.methods !== 'object') {
    throw new TypeError(
      `${what} takes a service (from loadService or service()), got ${describeValue(service)}`,
    );
  }
}
