export type { Limit } from './explore/explorer.js';
export { type Exploration, type ExploreOptions, explore } from './explore/explorer.js';
export { BadChoice, choicesOf, Walk, type WayLimits, wayTo } from './explore/walk.js';
export { inOrder } from './in-order/in-order.js';
export type { MachineFault, Symmetry } from './machine/machine.js';
export {
  errorBit,
  type Machine,
  type MachineKind,
  type MachineState,
  type Transition,
} from './machine/machine.js';
export type { CpuView, MachineView, Named, PartView, ThreadView } from './machine/view.js';
export { machines } from './machines.js';
export { BufferedMemory, type BufferRules } from './memory/buffered-memory.js';
export type { CellMask } from './memory/cell-mask.js';
export type {
  AtomicAccess,
  Caches,
  EndedSections,
  MemoryContext,
  MemoryStep,
  MemorySystem,
  Narration,
  OwnSteps,
  Renaming,
  SharedMemory,
} from './memory/memory-system.js';
