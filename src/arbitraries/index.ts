export { withFence } from './build.js';
export type { Tags } from './program-steps.js';
export {
  allChoices,
  commonWords,
  FULL,
  kernelWords,
  machineWords,
  regionWords,
  STORES,
  srcuWords,
  type Vocabulary,
} from './program-steps.js';
export { everythingOf, type Mix, type Sample, samples } from './programs.js';
export type { Choosing, Join } from './shapes.js';
export { litmusTests, litmusTexts, type TestMix } from './tests.js';
