import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { check } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { additionsTo, editsOf } from '../../src/explain/additions.js';
import { edited } from '../../src/explain/edits.js';
import { additionCosts, repair, type SafetyTarget } from '../../src/explain/index.js';
import type { TargetName } from '../../src/kernel/index.js';
import { parseLitmus, parseSyntax } from '../../src/litmus/index.js';
import { shippedTests } from '../../src/shipped.js';
import { shippedModel } from '../models.js';
import { runs } from '../seed.js';

jest.setTimeout(600_000 * Number(process.env.FENCELINE_RUNS ?? 1));

const targets: SafetyTarget[] = (['i386', 'pso', 'alpha', 'lkmm'] as const).map((name: TargetName) => ({
  name,
  model: shippedModel(name),
  target: { architecture: name, era: '2.6' },
}));

function canHappen(text: string): string[] {
  const test = parseLitmus(new Source('repaired', text));
  return targets
    .filter(({ model, target }) => target && check(test, model, { target }).positive > 0)
    .map(({ name }) => name);
}

const statement = fc.record({ isStore: fc.boolean(), place: fc.constantFrom('x', 'y'), once: fc.boolean() });
const threads = fc.array(fc.array(statement, { minLength: 2, maxLength: 3 }), { minLength: 2, maxLength: 3 });

/** A test whose condition is one of the final states that weak machines reach, and sequential consistency does not. */
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

describe('a repair', () => {
  it('forbids the outcome, and needs all that it adds; nothing smaller is cheaper', () => {
    let repaired = 0;
    fc.assert(
      fc.property(threads, fc.nat(), (shape, pick) => {
        const text = programOf(shape, pick);
        if (text === undefined) return;
        const test = parseLitmus(new Source('random', text));
        const found = repair(test, targets);
        expect(found.kind).toBe('repaired');
        if (found.kind !== 'repaired') return;
        repaired++;
        expect(canHappen(found.text)).toEqual([]);
        for (const left of found.additions) {
          const rest = found.additions.filter((addition) => addition !== left);
          expect(canHappen(edited(test.source, editsOf(rest)))).not.toEqual([]);
        }
        const all = additionsTo(parseSyntax(test.source));
        for (const one of all) {
          if (additionCosts[one.primitive] >= found.cost) continue;
          expect(canHappen(edited(test.source, editsOf([one])))).not.toEqual([]);
        }
      }),
      runs(12),
    );
    expect(repaired).toBeGreaterThan(2);
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

  it('of assembly is a row of the table', () => {
    const name = 'classic/x86/SB';
    const test = parseLitmus(new Source(name, shippedTests[`${name}.litmus`]));
    const found = repair(test, [{ name: 'i386', model: shippedModel('i386') }]);
    expect(found).toMatchObject({ kind: 'repaired', cost: 2 * additionCosts.MFENCE });
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
