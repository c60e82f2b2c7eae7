import type { ServiceConfig } from './service-config.js';

/** What grpc-js leaves to us of a method's entry in the service config. */
export interface MethodRule {
  readonly waitForReady?: boolean;
  readonly maxRequestBytes?: number;
  readonly maxResponseBytes?: number;
}

interface Entry extends MethodRule {
  readonly name: readonly { readonly service?: string; readonly method?: string }[];
}

/**
 * Finds the rule for a path such as `/package.Service/Method`: the closest entry, as grpc-js finds
 * the rest. `undefined` if no entry says anything of the kind, so that calls need not look.
 */
export function methodRules(
  config: ServiceConfig | undefined,
): ((path: string) => MethodRule) | undefined {
  const entries = (config?.methodConfig ?? []) as readonly Entry[];
  if (!entries.some(hasRule)) return undefined;
  const byName = new Map<string, Entry>();
  for (const entry of entries) {
    for (const { service = '', method = '' } of entry.name) {
      byName.set(method === '' ? service : `${service}/${method}`, entry);
    }
  }
  return (path) => {
    const name = path.slice(1);
    const service = name.slice(0, name.lastIndexOf('/'));
    return byName.get(name) ?? byName.get(service) ?? byName.get('') ?? {};
  };
}

function hasRule({ waitForReady, maxRequestBytes, maxResponseBytes }: Entry): boolean {
  return [waitForReady, maxRequestBytes, maxResponseBytes].some((rule) => rule !== undefined);
}
