export { given, kept, mixedSize } from './access.js';
export { type Locator, locator, type Reach, reachOf } from './analysis/access-sets.js';
export { idleLoops } from './analysis/idle-loops.js';
export { type Liveness, livenessOf } from './analysis/liveness.js';
export { joinOf, joinsOf, NEVER } from './analysis/post-dominators.js';
export { endlessAt, hasLoop, successors } from './analysis/successors.js';
export { CellTable, isOneBlock } from './cells.js';
export type { Domain, FaultSource } from './domain.js';
export { type ErrorName, errorNames, errorWords, type Fault, isErrorName } from './errors.js';
export {
  addressOf,
  applyBinary,
  applyUnary,
  type BinaryOperator,
  binary,
  constant,
  type Expression,
  evaluate,
  faultIn,
  forEachRegister,
  isTrue,
  register,
  type UnaryOperator,
  unary,
  wrapped,
} from './expressions.js';
export { type ContextKind, contextKind, contextsOf, mayInterrupt } from './handlers.js';
export { type CellId, cellId, type RegisterId, registerId, type ThreadId, threadId } from './ids.js';
export { mayErr, mayStoreAddresses } from './may-err.js';
export { mayBeAddress, mayFail, possibleFaults } from './operands.js';
export {
  type Cell,
  type Code,
  type Condition,
  type Dialect,
  type Instruction,
  type InstructionPlace,
  managesMemory,
  type Observable,
  type Program,
  type Proposition,
  type Tag,
  type Thread,
  type WholeArray,
} from './program.js';
export {
  inSection,
  irqsDisabled,
  over,
  type RegionChange,
  type Regions,
  tagsOfChange,
} from './regions.js';
export { heldAfter, inCircles, type Resource, SECTIONS, waitedFor } from './resources.js';
export type { ConditionalStop, LoadStop, Stop, StoreStop, UnknownStop, UnstoredStop } from './stops.js';
export { readAt, readsOf, type Symbolic, sameSymbolic, substitute } from './symbolic.js';
export { Interpreter } from './thread-interpreter.js';
export {
  ANYWHERE,
  Circle,
  copyOfFrames,
  type Frame,
  initialState,
  innermost,
  type ThreadState,
} from './thread-state.js';
export { UNKNOWN, type ValueId, ValueTable } from './value-table.js';
export {
  asRead,
  FREED,
  int32,
  int64,
  isJunk,
  isPointer,
  JUNK,
  type Pointer,
  pointerType,
  type ScalarType,
  symbolicName,
  UNINITIALISED,
  uint32,
  uint64,
  type Value,
  valueKey,
  valuesEqual,
  wrap,
} from './values.js';
