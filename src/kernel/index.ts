export { lowerPrimitives } from './lower.js';
export {
  type Architecture,
  architectures,
  describeTarget,
  type Era,
  eras,
  type KernelTarget,
  type LkmmVariant,
  type TargetName,
  targets,
} from './target.js';
