export { loadModel, type Model, shippedModel, shippedModelFile, shippedModelNames } from './cat/index.js';
export {
  type CheckOptions,
  type CheckResult,
  check,
  checkOnMachine,
  checkWith,
  type EngineAnswer,
  EngineDisagreement,
  EngineError,
  type EngineName,
  type Execution,
  effectOrder,
  engines,
  type FinalState,
  type Incompleteness,
  machineNames,
  outOfOrder,
  type Question,
  type SearchStrategy,
  type Subject,
  searchStrategies,
} from './check/index.js';
export { Source, SourceError, type Span } from './diagnostics.js';
export type { Edge, EventId, ExecutionGraph, GraphEvent } from './execution/index.js';
export {
  type Architecture,
  architectures,
  type Era,
  eras,
  type KernelTarget,
  type TargetName,
  targets,
} from './kernel/index.js';
export {
  type LitmusSyntax,
  type LitmusTest,
  type LowerOptions,
  Macros,
  parseLitmus,
  parseSyntax,
  printLitmus,
  type Verdict,
} from './litmus/index.js';
export type { Condition, Observable, Program, Proposition, Value } from './program/index.js';
export {
  disagreementReport,
  executionReport,
  formatCondition,
  formatObservable,
  formatProposition,
  formatState,
  formatValue,
  herdReport,
  incompletenessText,
  type JsonReport,
  jsonReport,
} from './report/index.js';
export { shippedTests } from './shipped.js';
