/** Tests run as tsc compiled them, in plain Node.js. */
export default {
  testEnvironment: 'node',
  testRunner: '<rootDir>/build/test/jest/runner.js',
  testSequencer: '<rootDir>/test/jest/sequencer.mjs',
  testMatch: ['<rootDir>/build/test/**/*.test.js'],
  // jest.long.config.mjs has these too.
  testPathIgnorePatterns: ['[.]long[.]test[.]js$'],
  // For machines that do much else.
  testTimeout: 120_000,
  roots: ['<rootDir>/build'],
  transform: {},
  watchman: false,
  // A run is all there is to do: on two cores, jest would use one of them.
  maxWorkers: '100%',
  // What tests leave behind, V8 collects late: a process that holds so much makes way for a new one.
  workerIdleMemoryLimit: '400MB',
};
