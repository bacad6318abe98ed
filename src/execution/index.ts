export { belongsTo, fillBase, isSearched } from './base.js';
export { CellTable } from './cells.js';
export {
  buildGraph,
  type Edge,
  type EventId,
  type ExecutionGraph,
  eventId,
  type GraphEvent,
} from './graph.js';
export type { Symbolic } from './symbolic.js';
export { readsOf } from './symbolic.js';
export type { CpuTrace, Fault, PathConstraint } from './trace.js';
export { UnboundedAddress, UnfoldingExpired } from './unfold.js';
export { unfoldProgram } from './unfolding.js';
export { baseRelations, kindSets, mayBeAbsent, tagSets } from './vocabulary.js';
