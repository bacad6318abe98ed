import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Source } from '../../src/diagnostics.js';
import { type SafetyTarget, sitesOf, weakenedText, why } from '../../src/explain/index.js';
import { architectures, type Era, type TargetName } from '../../src/kernel/index.js';
import { type LitmusTest, parseLitmus, parseSyntax } from '../../src/litmus/index.js';
import { shippedTests } from '../../src/shipped.js';
import { shippedModel } from '../models.js';
import { runs } from '../seed.js';
import { lifetimeOf, lifetimes } from './lifetimes.js';
import { Runs, usualFlags } from './running.js';

jest.setTimeout(600_000 * Number(process.env.FENCELINE_RUNS ?? 1));

function targetsFor(
  { program }: LitmusTest,
  names: readonly TargetName[] = architectures,
  era: Era = '2.6',
): SafetyTarget[] {
  if (program.dialect === 'C') {
    return names.map((name) => ({ name, model: shippedModel(name), target: { architecture: name, era } }));
  }
  const own = program.dialect === 'X86' ? ['sc', 'i386'] : ['sc', 'alpha-linux', 'alpha'];
  return own.map((name) => ({ name, model: shippedModel(name) }));
}

/**
 * By target, whether the outcome can happen with each subset of the sites weakened: all are asked about,
 * whatever is known of others.
 */
function bruteForce(test: LitmusTest, targets: readonly SafetyTarget[]): Map<SafetyTarget, boolean[]> {
  const sites = sitesOf(parseSyntax(test.source));
  return new Map(
    targets.map((target) => {
      const asked = new Runs(usualFlags(test, [target]));
      const answers = Array.from({ length: 2 ** sites.length }, (_, mask) => {
        const weakened = sites.map((_, number) => number).filter((number) => (mask >> number) & 1);
        return asked.canHappen(weakenedText(test, sites, weakened, target), target);
      });
      return [target, answers];
    }),
  );
}

function compare(test: LitmusTest, targets: readonly SafetyTarget[]): void {
  const answer = why(test, targets);
  const every = bruteForce(test, targets);
  const outcome = (target: SafetyTarget, mask: number) => (every.get(target) as boolean[])[mask];
  const size = answer.sites.length;
  const safe = targets.filter((target) => !outcome(target, 0));
  targets.forEach((target, at) => {
    expect([target.name, answer.asIs[at].kind]).toEqual([
      target.name,
      outcome(target, 0) ? 'reachable' : 'unreachable',
    ]);
    answer.without.forEach((row, number) => {
      const expected = outcome(target, 0)
        ? undefined
        : outcome(target, 1 << number)
          ? 'reachable'
          : 'unreachable';
      expect([target.name, number, row[at]?.kind]).toEqual([target.name, number, expected]);
    });
  });
  if (safe.length === 0) {
    expect(answer.enough).toBeUndefined();
    return;
  }
  const everything = 2 ** size - 1;
  const isGood = (kept: number) => safe.every((target) => !outcome(target, everything & ~kept));
  const good = Array.from({ length: 2 ** size }, (_, kept) => kept).filter(isGood);
  const minimal = good.filter((kept) => !good.some((other) => other !== kept && (other & kept) === other));
  const masks = (answer.enough ?? []).map((set) => set.reduce((mask, number) => mask | (1 << number), 0));
  expect([...masks].sort((a, b) => a - b)).toEqual(minimal.sort((a, b) => a - b));
}

const files = Object.keys(shippedTests).filter((file) => /^(nmi|classic)\//.test(file));
/**
 * Every file, with the code of both eras, takes minutes: that is asked for with FENCELINE_RUNS. Some have
 * hundreds or thousands of subsets.
 */
const isWhole = Number(process.env.FENCELINE_RUNS ?? 1) > 1;
const isSmall = (file: string) => sitesOf(parseSyntax(new Source(file, shippedTests[file]))).length < 8;
const chosen = files.filter(
  (file, index) => isWhole || (isSmall(file) && index % (file.startsWith('nmi/') ? 2 : 7) === 0),
);

describe('which primitives are needed, and which sets of them are enough', () => {
  it.each(chosen)('%s: as runs of all subsets tell', (file) => {
    const test = parseLitmus(new Source(file, shippedTests[file]));
    compare(test, targetsFor(test));
    if (isWhole && test.program.dialect === 'C') compare(test, targetsFor(test, architectures, '6.x'));
  });

  it.each([
    'lifetime',
    'lifetime-argument',
    'lifetime-same-cpu',
    'lifetime-no-grace-period',
    'irq-unset-sync',
  ])('%s, with errors alone to keep out: as runs of all subsets tell', (name) => {
    const text = shippedTests[`nmi/${name}.litmus`].replace(/^(exists|forall) .*/m, '');
    const test = parseLitmus(new Source(name, text));
    expect(test.condition.proposition.kind).toBe('true');
    compare(test, targetsFor(test));
  });

  it('are told of random updaters and readers, of which errors with memory are what is bad', () => {
    let safe = 0;
    fc.assert(
      fc.property(lifetimes, (shape) => {
        const test = parseLitmus(new Source('random', lifetimeOf(shape)));
        const targets = targetsFor(test, shape.handler ? ['sc', 'i386', 'alpha'] : ['sc', 'alpha', 'lkmm']);
        compare(test, targets);
        if (why(test, targets).asIs.some(({ kind }) => kind === 'unreachable')) safe++;
      }),
      runs(50),
    );
    expect(safe).toBeGreaterThan(3);
  });

  it('are told of the kernel model, too', () => {
    for (const name of ['classic/c/MP+wmb+rmb', 'classic/c/MP+rel+acq', 'classic/c/SB+mbs', 'nmi/lifetime']) {
      const test = parseLitmus(new Source(name, shippedTests[`${name}.litmus`]));
      compare(test, targetsFor(test, ['lkmm', 'alpha']));
    }
  });

  it('are those of the document for the handler and its pointer', () => {
    const file = 'nmi/other-cpu-argument.litmus';
    const test = parseLitmus(new Source(file, shippedTests[file]));
    const { sites, without, enough, targets } = why(test, targetsFor(test));
    const needed = (text: string) => {
      const row = without[sites.findIndex((site) => site.text.startsWith(text))];
      return targets.filter((_, at) => row[at]?.kind === 'reachable').map(({ name }) => name);
    };
    expect(needed('rcu_dereference')).toEqual(['alpha', 'alpha-linux']);
    expect(needed('rcu_assign_pointer')).toEqual(['pso', 'alpha', 'alpha-linux']);
    expect(needed('nmi_enter')).toEqual([]);
    expect(enough?.map((set) => set.map((number) => sites[number].text.split('(')[0]))).toEqual([
      ['rcu_dereference', 'rcu_assign_pointer'],
    ]);
  });
});

describe('weakened programs', () => {
  const weakened = (body: string, weakness: 'alpha' | 'lkmm' = 'alpha'): string => {
    const text = `C t\n{}\nP0(int *x, int *y, int **p, atomic_t *a, spinlock_t *l, struct srcu_struct *s)\n{\n\tint r0;\n\tint *r1;\n${body}\n}\nexists (true)\n`;
    const test = parseLitmus(new Source('t', text));
    const sites = sitesOf(parseSyntax(test.source));
    const [target] = targetsFor(test, [weakness]);
    const changed = weakenedText(test, sites, sites.keys(), target);
    parseLitmus(new Source('weakened', changed));
    return changed.slice(changed.indexOf('r1;\n') + 4, changed.indexOf('\n}\nexists'));
  };

  it.each([
    ['smp_mb();', ''],
    ['if (r0) smp_mb();', 'if (r0) ;'],
    ['WRITE_ONCE(*x, READ_ONCE(*y));', '*x = *y;'],
    ['r0 = READ_ONCE(*x) + 1;', 'r0 = *x + 1;'],
    ['r0 = smp_load_acquire(x);', 'r0 = *x;'],
    ['smp_store_release(x, 1 + 2);', '*x = 1 + 2;'],
    ['r1 = rcu_dereference(*p);', 'r1 = *p;'],
    ['rcu_assign_pointer(*p, x);', '*p = x;'],
    ['r0 = xchg(x, 1);', 'r0 = xchg_relaxed(x, 1);'],
    ['r0 = atomic_add_return_acquire(1, a);', 'r0 = atomic_add_return_relaxed(1, a);'],
    ['atomic_inc(a);', 'atomic_inc(a);'],
    ['spin_lock(l);\nr0 = *x;\nspin_unlock(l);', '\nr0 = *x;\n'],
    ['spin_lock_irqsave(l, r0);\nr0 = *x;\nspin_unlock_irqrestore(l, r0);', '\nr0 = *x;\n'],
    ['local_irq_save(r0);\nr0 = *x;\nlocal_irq_restore(r0);', '\nr0 = *x;\n'],
    ['int i = srcu_read_lock(s);\nr0 = *x;\nsrcu_read_unlock(s, i);', 'int i = 0;\nr0 = *x;\n'],
    ['synchronize_srcu(s);', ''],
  ])('%s becomes %s', (body, expected) => {
    expect(weakened(body)).toBe(expected);
  });

  it.each([
    ['r0 = smp_load_acquire(x);', 'r0 = READ_ONCE(*x);'],
    ['rcu_assign_pointer(*p, x);', 'WRITE_ONCE(*p, x);'],
    ['r0 = READ_ONCE(*x);', 'r0 = *x;'],
  ])('%s becomes %s for the kernel model', (body, expected) => {
    expect(weakened(body, 'lkmm')).toBe(expected);
  });
});
