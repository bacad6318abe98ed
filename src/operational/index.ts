export { BufferedMemory, type BufferRules } from './buffered-memory.js';
export { type Exploration, type ExploreOptions, explore } from './explorer.js';
export { inOrder } from './in-order.js';
export { livenessOf } from './liveness.js';
export { errorBit, type Machine, type MachineKind, type MachineState, type Transition } from './machine.js';
export { machines } from './machines.js';
export type { MemoryContext, MemorySystem } from './memory-system.js';
export type { MachineView } from './view.js';
export { BadChoice, choicesOf, Walk, type WayLimits, wayTo } from './walk.js';
