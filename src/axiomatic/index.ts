export { type AxiomaticRun, type SearchStrategy, searchProgram, searchStrategies } from './engine.js';
export { type Aim, type Goal, type PartialExecution, ProgramFault, type SearchCounts } from './goal.js';
export type { ErrorEvent } from './suspects.js';
