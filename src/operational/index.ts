export { explore } from './explorer.js';
export { livenessOf } from './liveness.js';
export type { MachineState } from './machine.js';
export { machines } from './machines.js';
