export type { ErrorEvent } from './candidate/candidate-errors.js';
export type { Aim, Goal, PartialExecution, SearchCounts } from './candidate/collector.js';
export { type AxiomaticRun, type SearchStrategy, searchProgram, searchStrategies } from './engine.js';
