export { loadModel, type Model } from './cat/index.js';
export {
  type CheckOptions,
  type CheckResult,
  check,
  type Execution,
  type FinalState,
  type Incompleteness,
  type Question,
} from './check/index.js';
export { Source, SourceError, type Span } from './diagnostics.js';
export type { KernelTarget } from './kernel/index.js';
export { type LitmusTest, parseLitmus, printLitmus, type Verdict } from './litmus/index.js';
