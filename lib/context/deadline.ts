import type { CallContext } from './call-context.js';

/** The earliest of the three limits, in milliseconds since the epoch; Infinity if there is none. */
export function earliestDeadline(limits: {
  timeout?: number | undefined;
  deadline?: Date | undefined;
  parent?: CallContext | undefined;
}): number {
  const { timeout = Infinity, deadline, parent } = limits;
  return Math.min(
    timeout === Infinity ? Infinity : Date.now() + timeout,
    deadline?.getTime() ?? Infinity,
    parent?.deadline?.getTime() ?? Infinity,
  );
}
