/** Tests run as tsc compiled them: no transform, ES modules as they are. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/build/test/**/*.test.js'],
  roots: ['<rootDir>/build'],
  transform: {},
  watchman: false,
  // A run is all there is to do: on two cores, jest would use one of them.
  maxWorkers: '100%',
};
