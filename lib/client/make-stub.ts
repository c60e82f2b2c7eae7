import { checkOptions } from '../base/check.js';
import { type ClientInterceptor, checkInterceptors } from '../call/interceptor.js';
import { checkService } from '../schema/check-service.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { ServiceDescriptor, ServiceMethods } from '../schema/service-descriptor.js';
import { type CallSite, type Channel, STARTERS } from './start-call.js';
import type { Stub } from './stub.js';

/** What the calls of one stub have in common. */
export interface StubOptions {
  /** Around each call, inside those of the client and outside those of the call. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/** An object with a function for each method of `service`. */
export function makeStub<Methods extends ServiceMethods<Methods>>(
  service: ServiceDescriptor<Methods>,
  channel: Channel,
  options: StubOptions = {},
): Stub<Methods> {
  checkService('stub()', service);
  checkOptions('stub()', options, ['interceptors']);
  checkInterceptors('interceptors', options.interceptors);
  const interceptors = [...channel.interceptors, ...(options.interceptors ?? [])];
  const methods: [string, MethodDescriptor][] = Object.entries(service.methods);
  const stub = Object.create(
    unknownMethods(
      service.name,
      methods.map(([name]) => name),
    ),
  ) as {
    [name: string]: unknown;
  };
  for (const [name, method] of methods) {
    const site: CallSite = { channel, method, interceptors };
    const start = STARTERS[method.kind];
    stub[name] = (first?: unknown, second?: unknown) => start(site, first, second);
  }
  return Object.freeze(stub) as Stub<Methods>;
}

/** Names that runtimes and test tools call on any object that has them. */
const PROBED = new Set(['then', 'toJSON', 'asymmetricMatch', 'inspect']);

/**
 * A prototype that is only reached by names which are no method: calling one says which there are.
 * Merely looking is harmless, as `console.log` looks for all manner of names.
 */
function unknownMethods(service: string, names: readonly string[]): object {
  return new Proxy(Object.prototype, {
    get(target, name, receiver) {
      if (typeof name === 'symbol' || name in target || PROBED.has(name)) {
        return Reflect.get(target, name, receiver) as unknown;
      }
      return () => {
        throw new TypeError(`${service} has no method '${name}'; it has ${names.join(', ')}`);
      };
    },
  });
}
