export { type AxiomaticRun, type SearchStrategy, searchProgram, searchStrategies } from './engine.js';
export type { Aim, Goal, PartialExecution, SearchCounts } from './goal.js';
export type { ErrorEvent } from './suspects.js';
