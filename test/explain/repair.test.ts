import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { check } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { costOf, repair, type SafetyTarget } from '../../src/explain/index.js';
import { edited } from '../../src/explain/primitives/edits.js';
import type { Addition } from '../../src/explain/repair/addition.js';
import { additionsTo, editsOf } from '../../src/explain/repair/additions.js';
import type { TargetName } from '../../src/kernel/index.js';
import { type LitmusTest, parseLitmus, parseSyntax } from '../../src/litmus/index.js';
import { shippedTests } from '../../src/shipped.js';
import { shippedModel } from '../models.js';
import { runs } from '../seed.js';
import { lifetimeOf, lifetimes } from './lifetimes.js';
import { Runs, usualFlags } from './running.js';

jest.setTimeout(600_000 * Number(process.env.FENCELINE_RUNS ?? 1));

const targets: SafetyTarget[] = (['i386', 'pso', 'alpha', 'lkmm'] as const).map((name: TargetName) => ({
  name,
  model: shippedModel(name),
  target: { architecture: name, era: '2.6' },
}));

const [, , , lkmm] = targets;
const sc: SafetyTarget = {
  name: 'sc',
  model: shippedModel('sc'),
  target: { architecture: 'sc', era: '2.6' },
};

const statement = fc.record({ isStore: fc.boolean(), place: fc.constantFrom('x', 'y'), once: fc.boolean() });
const threads = fc.array(fc.array(statement, { minLength: 2, maxLength: 3 }), { minLength: 2, maxLength: 3 });

/**
 * A test whose condition is one of the final states that weak machines reach, and sequential consistency does
 * not.
 */
function programOf(
  shape: readonly (readonly { isStore: boolean; place: string; once: boolean }[])[],
  pick: number,
) {
  let registers = 0;
  const shown: string[] = [];
  const bodies = shape.map((statements, thread) => {
    const lines = statements.map(({ isStore, place, once }, index) => {
      if (isStore) return `\t${once ? `WRITE_ONCE(*${place}, ${index + 1})` : `*${place} = ${index + 1}`};`;
      const name = `r${registers++}`;
      shown.push(`${thread}:${name}`);
      return `\tint ${name} = ${once ? `READ_ONCE(*${place})` : `*${place}`};`;
    });
    return `P${thread}(int *x, int *y)\n{\n${lines.join('\n')}\n}\n`;
  });
  const head = `C random\n{}\n\n${bodies.join('\n')}\nlocations [x; y;${shown.join(';')}${shown.length > 0 ? ';' : ''}]\n`;
  const test = parseLitmus(new Source('random', `${head}exists (x=0)\n`));
  const texts = ({ model, target }: SafetyTarget) => {
    const { states, observables } = check(test, model, { question: 'states', ...(target ? { target } : {}) });
    return states.map(({ values }) =>
      observables
        .map((one, index) =>
          one.kind === 'cell'
            ? `${test.program.cells[one.cell].name}=${values[index]}`
            : `${one.thread}:${test.program.threads[one.thread].code.registers[one.register]}=${values[index]}`,
        )
        .join(' /\\ '),
    );
  };
  const sequential = new Set(
    texts({ name: 'sc', model: shippedModel('sc'), target: { architecture: 'sc', era: '2.6' } }),
  );
  const weak = texts(targets[2]).filter((state) => !sequential.has(state));
  return weak.length === 0 ? undefined : `${head}exists (${weak[pick % weak.length]})\n`;
}

/**
 * All sets that cost less than a bound, of additions that change what some target runs; undefined if there
 * are too many.
 */
function cheaperSets(
  test: LitmusTest,
  targets: readonly SafetyTarget[],
  cost: number,
): Addition[][] | undefined {
  const runs = new Runs();
  const codes = (text: string) => targets.map((target) => runs.code(text, target));
  const plain = codes(test.source.text).join();
  const known = new Set<string>();
  // Of additions at different places that come to the same code, one is enough.
  const isNew = ({ edits, primitive }: Addition) => {
    const code = codes(edited(test.source, edits)).join();
    const key = `${primitive} ${code}`;
    return code !== plain && !known.has(key) && known.add(key);
  };
  const all = additionsTo(parseSyntax(test.source)).filter(isNew);
  const sets: Addition[][] = [];
  const extend = (chosen: readonly Addition[], from: number, rest: number): boolean => {
    if (sets.push([...chosen]) > MOST_SETS) return false;
    return all.slice(from).every((one, index) => {
      const left = rest - costOf(one.primitive);
      return left <= 0 || extend([...chosen, one], from + index + 1, left);
    });
  };
  return extend([], 0, cost) ? sets : undefined;
}

/** Sets that are tried for one program. */
const MOST_SETS = 1500;

interface Compared {
  repaired: number;
  /** Repairs of which all cheaper sets were tried, and how many those were. */
  exhausted: number;
  sets: number;
}

/** A repair is enough, needs all that it adds, and no cheaper set is enough: each is run by itself. */
function compare(test: LitmusTest, targets: readonly SafetyTarget[], compared: Compared): void {
  const runs = new Runs(usualFlags(test, targets));
  const isSafe = (text: string) => targets.every((target) => !canHappen(text, target));
  const canHappen = (text: string, target: SafetyTarget): boolean => runs.canHappen(text, target);
  const found = repair(test, targets);
  if (found.kind === 'safe') {
    expect(isSafe(test.source.text)).toBe(true);
    return;
  }
  expect(isSafe(test.source.text)).toBe(false);
  if (found.kind === 'impossible') return;
  if (found.kind !== 'repaired') throw new Error(found.kind);
  compared.repaired++;
  expect(isSafe(found.text)).toBe(true);
  expect(found.cost).toBe(found.additions.reduce((sum, { primitive }) => sum + costOf(primitive), 0));
  for (const left of found.additions) {
    const rest = found.additions.filter((addition) => addition !== left);
    expect(isSafe(edited(test.source, editsOf(rest)))).toBe(false);
  }
  const cheaper = cheaperSets(test, targets, found.cost);
  if (!cheaper) return;
  compared.exhausted++;
  compared.sets += cheaper.length;
  for (const set of cheaper) expect(isSafe(edited(test.source, editsOf(set)))).toBe(false);
}

describe('a repair', () => {
  it('forbids the outcome, and needs all that it adds; nothing that is cheaper is enough', () => {
    const compared = { repaired: 0, exhausted: 0, sets: 0 };
    fc.assert(
      fc.property(threads, fc.nat(), fc.subarray([0, 1, 2, 3], { minLength: 1 }), (shape, pick, numbers) => {
        const chosen = numbers.map((number) => targets[number]);
        const text = programOf(shape, pick);
        if (text === undefined) return;
        compare(parseLitmus(new Source('random', text)), chosen, compared);
      }),
      runs(50),
    );
    expect(compared.repaired).toBeGreaterThan(3);
    expect(compared.exhausted).toBeGreaterThan(1);
  });

  it('of a use after free needs all that it adds, and nothing that is cheaper is enough', () => {
    const compared = { repaired: 0, exhausted: 0, sets: 0 };
    const some = ['sc', 'i386', 'lkmm', 'sc i386 alpha'];
    fc.assert(
      fc.property(lifetimes, fc.constantFrom(...some), (shape, names) => {
        const chosen = [sc, ...targets].filter(({ name }) => names.split(' ').includes(name));
        // The kernel's model knows no handlers.
        if (shape.handler && chosen.includes(lkmm)) return;
        compare(parseLitmus(new Source('random', lifetimeOf(shape))), chosen, compared);
      }),
      runs(50),
    );
    expect(compared.repaired).toBeGreaterThan(3);
    expect(compared.exhausted).toBeGreaterThan(1);
  });

  it.each([
    ['nmi/other-cpu-argument-plain-both', ['rcu_dereference', 'rcu_assign_pointer']],
    ['nmi/other-cpu-global-plain-load', ['rcu_dereference']],
    ['classic/c/SB', ['smp_mb', 'smp_mb']],
  ])('of %s is %s', (name, expected) => {
    const found = repair(parseLitmus(new Source(name, shippedTests[`${name}.litmus`])), targets.slice(0, 3));
    expect(
      found.kind === 'repaired' ? found.additions.map(({ primitive }) => primitive) : found.kind,
    ).toEqual(expected);
  });

  it.each([
    ['nmi/lifetime-no-grace-period', ['synchronize_rcu']],
    ['nmi/lifetime-early-grace-period', ['synchronize_rcu']],
    ['nmi/unset-sync-no-enter', ['rcu_read_lock']],
  ])('of %s, whatever it asks about, is %s', (name, expected) => {
    const whole = shippedTests[`${name}.litmus`];
    for (const text of [whole, whole.replace(/^(forall|exists).*/m, '')]) {
      const found = repair(parseLitmus(new Source(name, text)), targets.slice(0, 3));
      if (found.kind === 'safe') continue;
      const made = found.kind === 'repaired' ? found.additions.map(({ primitive }) => primitive) : [];
      expect(made).toEqual(expected);
    }
  });

  it('of assembly is a row of the table', () => {
    const name = 'classic/x86/SB';
    const test = parseLitmus(new Source(name, shippedTests[`${name}.litmus`]));
    const found = repair(test, [{ name: 'i386', model: shippedModel('i386') }]);
    expect(found).toMatchObject({ kind: 'repaired', cost: 2 * costOf('MFENCE') });
    const again = repair(
      parseLitmus(new Source(name, found.kind === 'repaired' ? found.text : '')),
      found.targets,
    );
    expect(again.kind).toBe('safe');
  });

  it('does not exist for what happens under sequential consistency', () => {
    const name = 'nmi/other-cpu-argument-late-init';
    const found = repair(parseLitmus(new Source(name, shippedTests[`${name}.litmus`])), targets.slice(0, 3));
    expect(found.kind === 'impossible' && found.on.name).toBe('sc');
  });
});
