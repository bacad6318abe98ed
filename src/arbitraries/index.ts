export { withFence } from './build.js';
export { everythingOf, type Mix, type Sample, samples } from './programs.js';
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
} from './steps.js';
export { litmusTests, litmusTexts, type TestMix } from './tests.js';
