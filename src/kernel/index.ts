export { codeInWords } from './in-words.js';
export { lowerPrimitives } from './lower-primitives.js';
export {
  type Architecture,
  architectures,
  describeTarget,
  type KernelTarget,
  type LkmmVariant,
  type TargetName,
  targets,
} from './target.js';
export { type Era, eraNamed, eras, isSameCode } from './version.js';
