export { type Exploration, type ExploreOptions, explore } from './explore/explorer.js';
export { BadChoice, choicesOf, Walk, type WayLimits, wayTo } from './explore/walk.js';
export { inOrder } from './in-order/in-order.js';
export {
  errorBit,
  type Machine,
  type MachineKind,
  type MachineState,
  type Transition,
} from './machine/machine.js';
export type { MachineView } from './machine/view.js';
export { machines } from './machines.js';
export { BufferedMemory, type BufferRules } from './memory/buffered-memory.js';
export type { MemoryContext, MemorySystem } from './memory/memory-system.js';
