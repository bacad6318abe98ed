import { describe, expect, it, jest } from '@jest/globals';
import { binc, coa, type FamilyTest, inc, iriw, mpChain, nmi, nwriters, sb } from '../../bench/families.js';
import { type CheckOptions, type CheckResult, check } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import type { Era, TargetName } from '../../src/kernel/index.js';
import { type LitmusTest, parseLitmus, type Verdict } from '../../src/litmus/index.js';
import { corpusFiles } from '../corpus.js';
import { shippedModel } from '../models.js';
import { families as stateFamilies } from '../operational/families.js';

jest.setTimeout(600_000);

/** What the directed search did: graphs, decisions, conflicts, executions. The same on every machine. */
type Work = readonly [graphs: number, decisions: number, conflicts: number, executions: number];

const MB = 'smp_mb();';
const WMB = 'smp_wmb();';

/**
 * The work that a verdict takes, for the condition that can be reached and for the one that cannot. Numbers that have become larger show that
 * the search rules less out; after a change that makes them smaller, they are put down anew.
 */
const families: readonly (readonly [FamilyTest, TargetName, Verdict, Work, Verdict, Work])[] = [
  [sb(24), 'sc', 'Sometimes', [2, 23, 1, 2], 'Never', [2, 23, 1, 1]],
  [sb(24), 'i386', 'Sometimes', [2, 23, 0, 2], 'Sometimes', [2, 23, 0, 2]],
  [sb(24, MB), 'lkmm', 'Sometimes', [2, 23, 1, 2], 'Never', [2, 23, 1, 1]],
  [mpChain(16), 'alpha', 'Sometimes', [2, 16, 0, 2], 'Sometimes', [2, 16, 0, 2]],
  [mpChain(16), 'lkmm', 'Sometimes', [2, 16, 0, 2], 'Sometimes', [2, 16, 0, 2]],
  [mpChain(16, WMB, MB), 'alpha', 'Sometimes', [2, 16, 0, 2], 'Never', [2, 16, 1, 1]],
  [mpChain(16, WMB, MB), 'lkmm', 'Sometimes', [2, 16, 0, 2], 'Never', [2, 16, 1, 1]],
  [iriw(8), 'i386', 'Sometimes', [2, 15, 0, 2], 'Never', [2, 15, 1, 1]],
  [iriw(8), 'lkmm', 'Sometimes', [2, 15, 0, 2], 'Sometimes', [2, 15, 0, 2]],
  [nmi(6, 4, true), 'alpha', 'Sometimes', [2, 11, 0, 2], 'Never', [25, 6, 24, 1]],
  [nmi(6, 4, false), 'alpha', 'Sometimes', [2, 11, 0, 2], 'Sometimes', [2, 11, 0, 2]],
  [inc(10), 'sc', 'Sometimes', [2, 94, 16, 2], 'Never', [2, 85, 17, 1]],
  [inc(10), 'i386', 'Sometimes', [2, 94, 16, 2], 'Never', [2, 85, 17, 1]],
  [binc(10), 'sc', 'Always', [2, 72, 34, 1], 'Never', [2, 58, 19, 1]],
  [binc(10), 'i386', 'Always', [2, 72, 34, 1], 'Never', [2, 58, 19, 1]],
  [nwriters(12), 'sc', 'Sometimes', [2, 123, 0, 2], 'Never', [2, 69, 1, 1]],
  [nwriters(12), 'i386', 'Sometimes', [2, 123, 0, 2], 'Never', [2, 69, 1, 1]],
  [coa(8), 'sc', 'Sometimes', [2, 116, 0, 2], 'Never', [2, 60, 1, 1]],
  [coa(8), 'i386', 'Sometimes', [2, 116, 0, 2], 'Never', [2, 60, 1, 1]],
];

function answer(test: LitmusTest, model: TargetName, era: Era, options: CheckOptions = {}): CheckResult {
  return check(test, shippedModel(model), { target: { architecture: model, era }, ...options });
}

const workOf = ({ counts }: CheckResult): Work => [
  counts.graphs,
  counts.decisions,
  counts.conflicts,
  counts.executions,
];

describe.each(families)('a verdict on $name under %s', (family, model, reached, work, missed, otherWork) => {
  it.each([
    [true, reached, work],
    [false, missed, otherWork],
  ] as const)('takes the work put down, reachable or not: %s, %s', (reachable, verdict, expected) => {
    const test = parseLitmus(new Source(family.name, family.text(reachable)));
    const result = answer(test, model, '6.x');
    expect(result.verdict).toBe(verdict);
    expect(workOf(result)).toEqual(expected);
  });
});

/** The same for the tests of a corpus together. */
const corpora: readonly (readonly [string, TargetName, 'verdict' | 'states', Work])[] = [
  ['x86', 'i386', 'verdict', [499, 1078, 880, 235]],
  ['x86', 'i386', 'states', [199, 5179, 3780, 3527]],
  ['alpha-asm', 'alpha', 'verdict', [2172, 1010, 830, 922]],
  ['alpha-asm', 'alpha', 'states', [823, 8280, 8702, 7474]],
  ['kernel-c', 'sc', 'verdict', [2031, 1227, 1129, 646]],
  ['kernel-c', 'i386', 'verdict', [2031, 1227, 1038, 737]],
  ['kernel-c', 'alpha', 'verdict', [1842, 1228, 631, 1005]],
  ['kernel-c', 'alpha-linux', 'states', [1397, 8634, 9607, 9179]],
  ['lkmm', 'lkmm', 'verdict', [3630, 4406, 2130, 2380]],
];

describe('the answers on a corpus', () => {
  it.each(corpora)('%s under %s, %s, take the work put down', (corpus, model, question, expected) => {
    const sources = corpusFiles(corpus);
    const sum = [0, 0, 0, 0];
    for (const source of sources) {
      const work = workOf(answer(parseLitmus(source), model, '2.6', { question }));
      work.forEach((count, index) => {
        sum[index] += count;
      });
    }
    expect(sum).toEqual(sources.length === 0 ? [0, 0, 0, 0] : expected);
  });
});

describe('all final states', () => {
  // Who increments when makes no difference to what is shown.
  it('of threads that do the same take the work put down', () => {
    const result = answer(stateFamilies.binc(6), 'i386', '6.x', { question: 'states' });
    expect(result.states).toHaveLength(1);
    expect(workOf(result)).toEqual([1, 745, 736, 1]);
  });
});
