export { coherenceIsRequired } from './coherence.js';
export { Evaluator } from './evaluator.js';
export { loadModel } from './load.js';
export { type Plan, planOf } from './plan.js';
export { printTerm } from './print-term.js';
export { shippedModel, shippedModelFile, shippedModelNames } from './shipped-models.js';
export type { Check, Model, Operator, RecursiveGroup, Sort, Term } from './terms.js';
export { COHERENCE, PROGRAM, READS_FROM } from './terms.js';
