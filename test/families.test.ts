import { describe, expect, it } from '@jest/globals';
import { binc, coa, type FamilyTest, inc, iriw, mpChain, nmi, nwriters, sb } from '../bench/families.js';
import { type CheckResult, check, type SearchStrategy, searchStrategies } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import type { TargetName } from '../src/kernel/index.js';
import { parseLitmus } from '../src/litmus/index.js';
import { shippedModel } from './models.js';

const MB = 'smp_mb();';
const WMB = 'smp_wmb();';

type Row = readonly [family: FamilyTest, model: TargetName, unreachable: 'Never' | 'Sometimes'];

/** Small members of each family, and what the condition that the barriers and the model forbid comes to. */
const rows: readonly Row[] = [
  [sb(3), 'sc', 'Never'],
  [sb(3), 'i386', 'Sometimes'],
  [sb(3, MB), 'i386', 'Never'],
  [sb(3, MB), 'lkmm', 'Never'],
  [mpChain(2), 'i386', 'Never'],
  [mpChain(2), 'alpha', 'Sometimes'],
  [mpChain(2), 'lkmm', 'Sometimes'],
  [mpChain(2, WMB, MB), 'alpha', 'Never'],
  [mpChain(2, WMB, MB), 'lkmm', 'Never'],
  [iriw(2), 'i386', 'Never'],
  [iriw(2), 'lkmm', 'Sometimes'],
  [iriw(2, MB), 'lkmm', 'Never'],
  [nmi(1, 2, false), 'i386', 'Never'],
  [nmi(1, 2, false), 'alpha', 'Sometimes'],
  [nmi(1, 2, true), 'alpha', 'Never'],
  [nmi(2, 1, true), 'alpha', 'Never'],
  [inc(3), 'sc', 'Never'],
  [inc(3), 'i386', 'Never'],
  [binc(2), 'sc', 'Never'],
  [binc(2), 'i386', 'Never'],
  [nwriters(2), 'sc', 'Never'],
  [nwriters(2), 'i386', 'Never'],
  [coa(1), 'sc', 'Never'],
  [coa(1), 'i386', 'Never'],
];

function answer(
  family: FamilyTest,
  reachable: boolean,
  model: TargetName,
  search?: SearchStrategy,
): CheckResult {
  const test = parseLitmus(new Source(family.name, family.text(reachable)));
  return check(test, shippedModel(model), {
    target: { architecture: model, era: '6.x' },
    ...(search ? { search } : {}),
  });
}

describe.each(rows)('$0.name under %s', ({ name, text }, model, unreachable) => {
  it.each(searchStrategies)(`is answered by search %s: ${unreachable}, and reachable otherwise`, (search) => {
    const family = { name, text };
    expect(answer(family, false, model, search).verdict).toBe(unreachable);
    // In these, nothing else can happen.
    const only = name.startsWith('binc');
    expect(answer(family, true, model, search).verdict).toBe(only ? 'Always' : 'Sometimes');
  });
});
