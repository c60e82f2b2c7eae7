import type { ServerFault } from '../server-fault.js';
export const pathFaults: readonly ServerFault[] = [];
