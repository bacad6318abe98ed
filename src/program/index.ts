export {
  addressOf,
  applyBinary,
  applyUnary,
  type BinaryOperator,
  binary,
  constant,
  type Expression,
  evaluate,
  forEachRegister,
  isTrue,
  register,
  UndefinedOperation,
  unary,
  wrapped,
} from './expressions.js';
export { type CellId, cellId, type RegisterId, registerId, type ThreadId, threadId } from './ids.js';
export type {
  Cell,
  Code,
  Condition,
  Dialect,
  Instruction,
  Observable,
  Program,
  Proposition,
  Tag,
  Thread,
} from './program.js';
export { UNDEFINED, UNKNOWN, type ValueId, ValueTable } from './value-table.js';
export {
  int32,
  int64,
  isPointer,
  type Pointer,
  type ScalarType,
  uint32,
  uint64,
  type Value,
  valueKey,
  valuesEqual,
  wrap,
} from './values.js';
