export { type SearchStrategy, searchProgram, searchStrategies } from './engine.js';
export { type Goal, type PartialExecution, ProgramFault, type SearchCounts } from './search.js';
