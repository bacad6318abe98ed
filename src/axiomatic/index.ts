export { type AxiomaticOptions, type AxiomaticRun, searchProgram } from './engine.js';
export {
  type Goal,
  type PartialExecution,
  type Poll,
  ProgramFault,
  type SearchCounts,
  SearchExpired,
} from './search.js';
