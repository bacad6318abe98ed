export { coherenceIsRequired, type PairsBeside } from './coherence.js';
export {
  basePairsOf,
  type Derivation,
  linksOf,
  partsBehind,
  restsOnPairsAlone,
  type Ways,
  wayBackOf,
  wayBesideOf,
} from './derivation.js';
export { Deriver } from './deriver.js';
export type { LoadOptions } from './elaborate.js';
export { Evaluator } from './evaluator.js';
export {
  type Exclusions,
  type Part as ModelPart,
  type Use as ExclusionUse,
  withExclusions,
} from './exclusions.js';
export { explainPlan } from './explain.js';
export { loadModel } from './load.js';
export type { Plan, PlannedCheck, PlannedGroup, Step } from './plan.js';
export { planOf } from './planner.js';
export { printTerm } from './print-term.js';
export { shippedModelFile } from './shipped-files.js';
export { shippedModel, shippedModelNames } from './shipped-models.js';
export type { Check, Model, Operator, RecursiveGroup, Sort, Term } from './terms.js';
export { COHERENCE, PROGRAM, READS_FROM } from './terms.js';
export { lexModel } from './tokens.js';
