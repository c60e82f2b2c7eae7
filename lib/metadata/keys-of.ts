import type { Metadata } from './metadata.js';

/** The keys that there are, one that `getMap` cannot show among them. */
export function keysOf(metadata: Metadata): string[] {
  const keys = Object.keys(metadata.getMap());
  if (metadata.get('__proto__').length > 0) keys.push('__proto__');
  return keys;
}
