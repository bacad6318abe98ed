export { belongsTo, fillBase, isSearched } from './base.js';
export { Decisions, type Effects, writeTo } from './decisions.js';
export { holds } from './domains.js';
export { footprintOf } from './footprint.js';
export {
  buildGraph,
  type Edge,
  type EventId,
  type ExecutionGraph,
  eventId,
  type GraphEvent,
} from './graph.js';
export { type ReadAt, type Speculation, type Support, strayReads, supports } from './speculation.js';
export type { CpuTrace, PathConstraint, Trace, TraceEvent } from './trace.js';
export { UnboundedAddress } from './unfold-limits.js';
export { cpusOf, type ProgramUnfolding, unfoldProgram } from './unfolding.js';
export { ValueFlow } from './value-flow.js';
export { rangesOf } from './value-ranges.js';
export { baseRelations, kindSets, mayBeAbsent, tagSets } from './vocabulary.js';
