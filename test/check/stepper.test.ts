import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { samples } from '../../src/arbitraries/index.js';
import { checkOnMachine, machineNames, Stepper } from '../../src/check/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { BadChoice, wayTo } from '../../src/operational/index.js';
import { cellId, type Program } from '../../src/program/index.js';
import { formatState } from '../../src/report/index.js';
import { shippedTests } from '../../src/shipped.js';
import { testOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

const sb = parseLitmus(shippedTests['classic/x86/SB.litmus']);
/** Past this many states a program tells no more than a smaller one. */
const LIMITS = { maxStates: 3000 };

function conditionals({ threads }: Program): number {
  return threads.flatMap(({ code }) => code.instructions).filter(({ kind }) => kind === 'store-conditional')
    .length;
}

describe.each(machineNames.map((name) => ({ name })))('the choices of machine $name', ({ name }) => {
  it('lead to each of its final states, whoever follows them', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program, proposition }) => {
        const test = testOf(program, proposition);
        const first = new Stepper(test, name);
        const { states, complete } = first.finalStates(LIMITS);
        fc.pre(complete);
        const text = (state: Parameters<typeof formatState>[0]) =>
          formatState(state, first.observables, program);
        const found = checkOnMachine(test, name, { question: 'states' });
        expect(states.map(text).sort()).toEqual(found.states.map(text).sort());
        for (const state of states) {
          const other = new Stepper(test, name);
          for (const choice of state.choices) other.take(choice);
          expect(other.end()).toEqual({ values: state.values, satisfies: state.satisfies, admitted: true });
        }
      }),
      runs(50),
    );
  });

  it('are as few as there can be', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program, proposition }) => {
        const stepper = new Stepper(testOf(program, proposition), name);
        const way = stepper.wayToCondition(LIMITS);
        fc.pre(way !== 'limit');
        const { machine, state } = stepper.walk;
        const satisfies = (choices: readonly number[]): boolean => {
          stepper.walk.reset();
          for (const choice of choices) stepper.take(choice);
          return stepper.end()?.satisfies === true;
        };
        // Without any reduction: the ways to final states that are shorter, each of them.
        const seen: number[][] = [];
        const shorter = wayTo(machine, state, {
          state: (at) => {
            if (!machine.isFinal(at)) return false;
            const target = [...at].join();
            const choices = wayTo(machine, state, { state: (one) => [...one].join() === target });
            if (!Array.isArray(choices) || !satisfies(choices)) return false;
            seen.push(choices);
            return true;
          },
        });
        expect(shorter === undefined).toBe(way === undefined);
        if (way) expect(way.length).toBeGreaterThanOrEqual(seen[0].length);
        // A store-conditional takes a step to fail, but none where another CPU has stored meanwhile.
        if (way) expect(way.length).toBeLessThanOrEqual(seen[0].length + conditionals(program));
        if (way) expect(satisfies(way)).toBe(true);
      }),
      runs(50),
    );
  });
});

describe('a walk', () => {
  it('says which choice there was not, at which step, and how many there were', () => {
    const stepper = new Stepper(sb, 'i386');
    const follow =
      (...choices: number[]) =>
      () =>
        stepper.told(choices);
    expect(follow(2)).toThrow(new BadChoice(1, 2, 2));
    expect(follow(0, 9)).toThrow('step 2 is to be choice 9, but there were only the choices 0 to 2');
    expect(follow(0, 2, 0, 2, 1, 0, 0)).toThrow(
      'step 7 is to be choice 0, but there was no step left to choose',
    );
    expect(stepper.walk.choices).toEqual([]);
  });

  it('goes back, and to the start', () => {
    const { walk } = new Stepper(sb, 'i386');
    const initial = [...walk.state];
    walk.take(0);
    const next = [...walk.state];
    walk.take(1);
    expect(walk.back()).toBe(true);
    expect([...walk.state]).toEqual(next);
    walk.take(0);
    walk.reset();
    expect([...walk.state]).toEqual(initial);
    expect(walk.back()).toBe(false);
  });

  it('finds the next access of a location', () => {
    const stepper = new Stepper(sb, 'i386');
    const [x, y] = ['x', 'y'].map((name) => cellId(sb.program.cells.findIndex((cell) => cell.name === name)));
    expect(stepper.wayToLocation(x)).toEqual([0]);
    expect(stepper.wayToLocation(y)).toEqual([1]);
    const way = stepper.wayToCondition();
    for (const choice of way as number[]) stepper.take(choice);
    expect(stepper.end()).toMatchObject({ satisfies: true });
    expect(stepper.wayToLocation(x)).toBeUndefined();
  });

  it('finds no way to what cannot be, and gives up at a limit', () => {
    expect(new Stepper(sb, 'sc').wayToCondition()).toBeUndefined();
    expect(new Stepper(sb, 'i386').wayToCondition({ maxStates: 3 })).toBe('limit');
    const begun = new Stepper(sb, 'i386');
    begun.take(0);
    expect(begun.wayToCondition({ maxStates: 3 })).toBe('limit');
    expect(begun.wayToCondition()).toHaveLength(5);
    // Once CPU0 has read the new value the condition is out of reach.
    const passed = new Stepper(sb, 'i386');
    while (!passed.steps().some((text) => text === 'CPU0 loads y = 1 from memory')) {
      const texts = passed.steps();
      passed.take(texts.findIndex((text) => /y = 1|CPU0 stores/.test(text)));
    }
    passed.take(passed.steps().indexOf('CPU0 loads y = 1 from memory'));
    expect(passed.wayToCondition()).toBeUndefined();
  });

  it('is told by a check on a machine, when that is asked for', () => {
    const asked = checkOnMachine(sb, 'i386', { trace: true });
    const { positiveTrace: trace } = asked;
    expect(trace?.steps.map(({ text }) => text)).toEqual([
      'CPU0 stores x = 1 into its store buffer',
      'CPU1 stores y = 1 into its store buffer',
      'CPU0 loads y = 0 from memory',
      'the store y = 1 leaves the store buffer of CPU1 for memory',
      'CPU1 loads x = 0 from memory',
      'the store x = 1 leaves the store buffer of CPU0 for memory',
    ]);
    expect(trace?.steps[0].view.cpus[0].parts).toEqual([{ name: 'store buffer', entries: ['x = 1'] }]);
    expect(trace?.steps.at(-1)?.view.memory.map(({ value }) => value)).toEqual(['1', '1']);
    expect(checkOnMachine(sb, 'sc', { trace: true }).positiveTrace).toBeUndefined();
    expect(checkOnMachine(sb, 'i386').positiveTrace).toBeUndefined();
  });

  it('tells what a thread could not do, and goes on', () => {
    const wild = parseLitmus(
      'C wild\n{ int *p = 0; }\nP0(int **p) { int *r = READ_ONCE(*p); WRITE_ONCE(*r, 1); }\nexists (0:r=1)',
    );
    const stepper = new Stepper(wild, 'sc', { target: { architecture: 'sc', era: '6.x' } });
    stepper.take(0);
    expect(stepper.errors()).toMatchObject([{ name: 'null-dereference', thread: 0 }]);
    expect(stepper.steps()).toEqual([]);
    expect(stepper.end()).toBeUndefined();
  });

  it('ends in error where memory is used that was freed', () => {
    const freed = parseLitmus(`C freed
{}
P0(int **p) { int *q = kmalloc(sizeof(int), GFP_KERNEL); WRITE_ONCE(*q, 1); WRITE_ONCE(*p, q); kfree(q); }
P1(int **p) { int *r1 = READ_ONCE(*p); int r0; if (r1) r0 = READ_ONCE(*r1); }
exists (1:r0=1)`);
    const stepper = new Stepper(freed, 'i386', { target: { architecture: 'i386', era: '6.x' } });
    const { states, errors, complete } = stepper.finalStates();
    expect(complete).toBe(true);
    expect(states.map(({ values }) => values)).toEqual(expect.arrayContaining([[0n], [1n]]));
    expect(errors.map(({ error }) => error)).toEqual(['use-after-free']);
    for (const choice of errors[0].choices) stepper.take(choice);
    expect(stepper.errors()).toEqual([{ name: 'use-after-free' }]);
    expect(stepper.end()).toBeUndefined();
  });
});
