export { lowerPrimitives } from './lower.js';
export {
  type Architecture,
  architectures,
  describeTarget,
  type Era,
  eras,
  type KernelTarget,
  type TargetName,
  targets,
} from './target.js';
