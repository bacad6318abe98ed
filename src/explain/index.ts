export type { AllowedOutcome, Reordering } from './allowed.js';
export { type Explanation, explain, explainErrors } from './explain.js';
export type { RuledOut } from './forbidden.js';
export type { ExplainedEdge, PathStep } from './path.js';
export { kindOf, permissionOf } from './permissions.js';
