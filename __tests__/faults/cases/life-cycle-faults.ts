import type { ServerFault } from '../server-fault.js';
export const lifeCycleFaults: readonly ServerFault[] = [];
