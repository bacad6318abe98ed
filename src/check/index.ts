export type { SearchCounts } from '../axiomatic/candidate/collector.js';
export { type SearchStrategy, searchStrategies } from '../axiomatic/index.js';
export {
  type CheckOptions,
  type CheckResult,
  check,
  checkOnMachine,
  type ErrorPlace,
  type Incompleteness,
  searchExecutions,
} from './check.js';
export { effectOrder, outOfOrder } from './effect-order.js';
export {
  beyond,
  checkWith,
  type EngineAnswer,
  EngineDisagreement,
  EngineError,
  type EngineName,
  engines,
  type Side,
  type Subject,
} from './engines.js';
export { type Execution, type FlagWitness, snapshot } from './execution.js';
export type { FinalState, Question } from './goals.js';
export { architectureOf, type MachineChoice, machineNames } from './machine-run.js';
export type { MachineTrace, TracedStep } from './machine-trace.js';
export { compileProposition, type Outcome, type Truth } from './proposition.js';
export { isElement, type Shown, shownOf, withSomethingShown } from './shown.js';
export type { ReachedStates } from './stepper.js';
export { type End, type ReachedState, Stepper, type StepperOptions } from './stepper.js';
