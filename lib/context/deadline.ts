import type { CallContext } from './call-context.js';

/** The last moment that a Date can hold. */
const LAST_MOMENT = 8.64e15;

/** The earliest of the three limits, in milliseconds since the epoch; Infinity if there is none. */
export function earliestDeadline(limits: {
  timeout?: number | undefined;
  deadline?: Date | undefined;
  parent?: CallContext | undefined;
}): number {
  const { timeout = Infinity, deadline, parent } = limits;
  const earliest = Math.min(
    Date.now() + timeout,
    deadline?.getTime() ?? Infinity,
    parent?.deadline?.getTime() ?? Infinity,
  );
  return earliest > LAST_MOMENT ? Infinity : earliest;
}
