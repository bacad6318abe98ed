export type { ExecutionCollector, Goal, PartialExecution, SearchCounts } from './candidate/collector.js';
export type { ErrorEvent } from './candidate/possible-errors.js';
export { type AxiomaticRun, type SearchStrategy, searchProgram, searchStrategies } from './engine.js';
