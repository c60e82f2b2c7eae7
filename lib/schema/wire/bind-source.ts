import type { MessageCode } from './message-code.js';

/**
 * A function from the lines of its body. Names from a schema must be in them as JSON strings only,
 * never as code; `codes` can be named `c0`, `c1`, … in the lines.
 */
export function bindSource(
  name: string,
  parameters: string[],
  lines: string[],
  scope: { [name: string]: unknown },
  codes: MessageCode[],
): unknown {
  const names = [...Object.keys(scope), ...codes.map((_, i) => `c${i}`)];
  // The name is for stack traces and profiles.
  const label = name.replace(/\W+/g, '_');
  const source = `"use strict";return function ${label}(${parameters.join()}){\n${lines.join('\n')}\n}`;
  return new Function(...names, source)(...Object.values(scope), ...codes);
}
