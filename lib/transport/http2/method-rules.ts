import type { ChannelOptions } from '../../call/channel-options.js';
import type { MethodConfig } from '../../call/retry-options.js';

const NO_RULE: MethodConfig = {};

/**
 * Finds what `methods` says for a path such as `/package.Service/Method`: what the method does not
 * say its service does. `undefined` if it says nothing, so that calls need not look.
 */
export function methodRules(
  methods: ChannelOptions['methods'],
): ((path: string) => MethodConfig) | undefined {
  if (methods === undefined) return undefined;
  const known = new Map<string, MethodConfig>();
  return (path) => {
    let rule = known.get(path);
    if (rule === undefined) {
      const name = path.slice(1);
      rule = over(methods[name.slice(0, name.lastIndexOf('/'))], methods[name]);
      known.set(path, rule);
    }
    return rule;
  };
}

function over(above: MethodConfig = NO_RULE, own: MethodConfig = NO_RULE): MethodConfig {
  const { timeout = above.timeout, waitForReady = above.waitForReady } = own;
  const { maxRequestSize = above.maxRequestSize, maxResponseSize = above.maxResponseSize } = own;
  return { timeout, waitForReady, maxRequestSize, maxResponseSize };
}
