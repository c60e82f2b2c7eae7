import type { CodeGroup } from './code-group.js';

/**
 * The key of what a service declared in code carries for `tributary proto`. A registered symbol: the
 * program and the command may have loaded the library from two places.
 */
export const CODE_FIRST: unique symbol = Symbol.for('tributary.codeFirst') as never;

/** What such a service carries. */
export interface CodeFirst {
  /** The group that it belongs to now. */
  group(): CodeGroup;
}

/** What a service declared in code carries; `undefined` for anything else. */
export function codeFirstOf(value: unknown): CodeFirst | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { [CODE_FIRST]?: CodeFirst })[CODE_FIRST];
}
