export { coherenceIsRequired, type PairsBeside } from './derive/coherence.js';
export {
  basePairsOf,
  type Derivation,
  linksOf,
  partsBehind,
  restsOnPairsAlone,
  type Ways,
  wayBackOf,
  wayBesideOf,
} from './derive/derivation.js';
export { Deriver } from './derive/deriver.js';
export {
  type Exclusions,
  type Part as ModelPart,
  type Use as ExclusionUse,
  withExclusions,
} from './derive/exclusions.js';
export type { LoadOptions } from './elaborate/elaborate.js';
export { shippedModelFile } from './elaborate/shipped-files.js';
export { loadModel } from './load.js';
export { Evaluator } from './plan/evaluator.js';
export { explainPlan } from './plan/explain-plan.js';
export type { Plan, PlannedCheck, PlannedChoice, PlannedGroup, PlanStep } from './plan/plan.js';
export { planOf } from './plan/planner.js';
export { shippedModel, shippedModelNames } from './shipped-models.js';
export { lexModel } from './syntax/model-lexer.js';
export { printTerm } from './terms/print-term.js';
export type { Check, Model, Operator, RecursiveGroup, Sort, Term } from './terms/terms.js';
export { COHERENCE, PROGRAM, READS_FROM } from './terms/terms.js';
