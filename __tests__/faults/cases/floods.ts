import type { ServerFault } from '../server-fault.js';
export const floods: readonly ServerFault[] = [];
