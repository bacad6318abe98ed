export type { Contender } from './contender.js';
export { type Difference, type Distinction, type DistinguishOptions, distinguish } from './distinguish.js';
