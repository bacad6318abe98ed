import { shippedModel } from '../src/cat/index.js';
import { check, type SearchStrategy } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import type { TargetName } from '../src/kernel/index.js';
import { parseLitmus } from '../src/litmus/index.js';
import { binc, coa, type FamilyTest, inc, iriw, mpChain, nmi, nwriters, sb } from './families.js';

const MB = 'smp_mb();';
const WMB = 'smp_wmb();';
/** Milliseconds after which a search is given up. */
const LIMIT = 5000;

const families: readonly (readonly [FamilyTest, readonly TargetName[]])[] = [
  [sb(24), ['sc', 'i386']],
  [sb(24, MB), ['lkmm']],
  [mpChain(16), ['alpha', 'lkmm']],
  [mpChain(16, WMB, MB), ['alpha', 'lkmm']],
  [iriw(8), ['i386', 'lkmm']],
  [nmi(6, 4, true), ['alpha']],
  [nmi(6, 4, false), ['alpha']],
  [inc(10), ['sc', 'i386']],
  [binc(10), ['sc', 'i386']],
  [nwriters(12), ['sc', 'i386']],
  [coa(8), ['sc', 'i386']],
];

/** Verdicts on the families, for the condition that can be reached and for the other one, by the pruned search and by the directed one. */
export function familyTable(): string[][] {
  const head = ['family', 'model', 'verdict', 'pruned', 'decisions', 'directed', 'decisions', 'conflicts'];
  const rows = [head];
  for (const [family, models] of families) {
    for (const model of models)
      for (const reachable of [true, false]) rows.push(row(family, model, reachable));
  }
  return rows;
}

function row(family: FamilyTest, model: TargetName, reachable: boolean): string[] {
  const pruned = measure(family, model, reachable, 'pruned');
  const directed = measure(family, model, reachable, 'directed');
  return [
    family.name,
    model,
    directed.verdict,
    pruned.time,
    `${pruned.decisions}`,
    directed.time,
    `${directed.decisions}`,
    `${directed.conflicts}`,
  ];
}

function measure(family: FamilyTest, model: TargetName, reachable: boolean, search: SearchStrategy) {
  const test = parseLitmus(new Source(family.name, family.text(reachable)));
  const target = { architecture: model, era: '6.x' } as const;
  const start = performance.now();
  const { verdict, counts } = check(test, shippedModel(model), { search, target, timeout: LIMIT });
  const time = performance.now() - start;
  return { verdict, time: time >= LIMIT ? `> ${LIMIT} ms` : `${time.toFixed(1)} ms`, ...counts };
}
