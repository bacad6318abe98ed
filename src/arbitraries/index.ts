export { withFence } from './build.js';
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
export { litmusTests, litmusTexts, type TestMix } from './tests.js';
