import type { ServerFault } from '../server-fault.js';
export const connectionFaults: readonly ServerFault[] = [];
