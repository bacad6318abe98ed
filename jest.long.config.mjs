import usual from './jest.config.mjs';

process.env.FENCELINE_RUNS ??= '20';

/** All tests, with twenty times the runs, and those that take long: by hand, before a release or after a change that is far-reaching. */
export default {
  ...usual,
  testPathIgnorePatterns: [],
  testTimeout: usual.testTimeout * Number(process.env.FENCELINE_RUNS),
};
