import Sequencer from '@jest/test-sequencer';

/** Files that take long, the slowest first: what comes last keeps one of two processors waiting. */
const slow = [
  'operational/agreement',
  'axiomatic/agreement',
  'site/explorer',
  'operational/machines',
  'explain/repair',
  'explain/why',
  'docs',
  'cli/run',
  'operational/dependence',
  'operational/alpha-21264',
  'arbitraries/tests',
  'axiomatic/grace-periods',
  'operational/explorer',
  'fuzz/fuzz',
  'conformance',
];

const rank = ({ path }) => {
  const at = slow.findIndex((name) => path.replaceAll('\\', '/').endsWith(`/test/${name}.test.js`));
  return at < 0 ? slow.length : at;
};

/** The order in which tests are run. */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
