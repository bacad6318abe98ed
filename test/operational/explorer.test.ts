import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { samples } from '../../src/arbitraries/index.js';
import { checkOnMachine } from '../../src/check/index.js';
import type { Architecture } from '../../src/kernel/index.js';
import { lowerPrimitives } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import {
  type Exploration,
  type ExploreOptions,
  errorBit,
  explore,
  machines,
} from '../../src/operational/index.js';
import {
  addressOf,
  type Code,
  constant,
  int32,
  livenessOf,
  type Program,
  registerId,
  ValueTable,
} from '../../src/program/index.js';
import { runs } from '../seed.js';
import { families } from './families.js';

const target = (architecture: Architecture) => ({ architecture, era: '2.6' }) as const;
const everyRegister = ({ registers }: Code) => registers.map((_, index) => registerId(index));

function machineFor(program: Program, name: string) {
  const machine = machines.get(name)?.create(program, new ValueTable(), livenessOf(everyRegister));
  if (!machine) throw new Error(`no machine ${name}`);
  return machine;
}

/** Everything that can be counted of an exploration, and the final states in the order found. */
function explored(program: Program, name: string, options: Partial<ExploreOptions> = {}) {
  const machine = machineFor(program, name);
  const finals: Int32Array[] = [];
  const run = explore(machine, {
    ...options,
    final: (state) => {
      finals.push(state.slice());
      return false;
    },
  });
  return { machine, run, finals };
}

const counted = ({ states, transitions, limit }: Exploration) => ({ states, transitions, limit });

describe('an exploration', () => {
  const program = lowerPrimitives(families.coa(3).program, target('i386'));

  it('is the same each time', () => {
    const one = explored(program, 'i386');
    const other = explored(program, 'i386');
    expect(counted(other.run)).toEqual(counted(one.run));
    expect(other.finals).toEqual(one.finals);
  });

  it('gives up after so many states', () => {
    const { run } = explored(program, 'i386', { maxStates: 100 });
    expect(run.limit).toBe('states');
    expect(run.states).toBeGreaterThan(100);
    expect(run.states).toBeLessThan(150);
  });

  it('gives up when its states take too much memory, and when it is told to', () => {
    expect(explored(program, 'i386', { maxBytes: 20_000 }).run.limit).toBe('memory');
    expect(explored(program, 'i386', { expired: () => true }).run).toMatchObject({
      limit: 'timeout',
      states: 1,
    });
  });

  it('gives up in the middle of a step when that takes long, or what the machine holds too much memory', () => {
    const machine = machineFor(program, 'sc');
    let poll: (() => void) | undefined;
    const slow = Object.create(machine, {
      watch: { value: (given: typeof poll) => (poll = given) },
      representatives: {
        value: (...args: Parameters<NonNullable<typeof machine.representatives>>) => {
          for (let time = 0; time < 10; time++) poll?.();
          machine.representatives?.(...args);
        },
      },
    });
    let asked = 0;
    const run = explore(slow, { final: () => false, expired: () => ++asked === 25 });
    expect(counted(run)).toMatchObject({ limit: 'timeout', states: expect.any(Number) });
    expect(run.transitions).toBeLessThan(25);
    expect(poll).toBeUndefined();
    const large = Object.create(slow, { bytes: { value: 1e6 } });
    expect(explore(large, { final: () => false, maxBytes: 999_999 }).limit).toBe('memory');
  });

  it('leaves an Alpha machine fit for use when it gives up in the middle of a step', () => {
    const loops = lowerPrimitives(families.peterson(2).program, target('alpha-linux'));
    const whole = explored(loops, 'alpha-linux');
    const machine = machineFor(loops, 'alpha-linux');
    let inSteps = 0;
    const watched = Object.create(machine, {
      watch: {
        value: (poll: (() => void) | undefined) =>
          machine.watch?.(
            poll &&
              (() => {
                inSteps++;
                poll();
              }),
          ),
      },
    });
    // It is told to stop the first time that it asks in a step.
    for (let before = 0; before < 3; before++) {
      inSteps = 0;
      const { limit } = explore(watched, { final: () => false, expired: () => inSteps > before });
      expect([limit, inSteps]).toEqual(['timeout', before + 1]);
    }
    const finals: Int32Array[] = [];
    const again = explore(machine, { final: (state) => finals.push(state.slice()) === 0 });
    expect(counted(again)).toEqual(counted(whole.run));
    expect(finals).toHaveLength(whole.finals.length);
  });

  it('says how far it is', () => {
    const heard: number[] = [];
    const { run } = explored(program, 'i386', { progress: (states) => heard.push(states) });
    expect(heard.length).toBeGreaterThan(3);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(heard.at(-1)).toBeLessThanOrEqual(run.states);
  });

  it('ends where the callback says so', () => {
    let seen = 0;
    const run = explore(machineFor(program, 'i386'), { final: () => ++seen === 2 });
    expect(seen).toBe(2);
    expect(run.limit).toBeUndefined();
  });
});

describe('a thread that goes round in circles', () => {
  const spins = [
    { spin: 'READ_ONCE(*a);', on: ['sc', 'i386', 'pso'] },
    { spin: 'xchg_relaxed(a, 1);', on: ['sc', 'i386', 'pso'] },
    { spin: 'cmpxchg_relaxed(a, 1, 2);', on: ['sc', 'i386', 'pso'] },
    { spin: 'smp_mb();', on: ['i386', 'pso'] },
    // A store buffer would grow for ever.
    { spin: 'WRITE_ONCE(*a, 1);', on: ['sc'] },
  ] as const;

  /** The other thread comes to an operation without a value, and touches nothing of the first one's. */
  const programOf = (spin: string, architecture: Architecture): Program => {
    const wrong = 'P1(int *p) { int r; r = READ_ONCE(*p); r = 1 / r; }\nP2(int *p) { WRITE_ONCE(*p, 0); }';
    const text = `C spin\n{\n}\nP0(int *a) { while (1) { ${spin} } }\n${wrong}\nexists (a=0)`;
    return lowerPrimitives(parseLitmus(text).program, target(architecture));
  };
  const errors = (program: Program, name: string): number => {
    let found = 0;
    const failed = (bits: number): boolean => {
      found |= bits;
      return false;
    };
    explored(program, name, { maxStates: 1000, failed });
    return found;
  };

  it.each(spins)('by $spin does not hide what another does wrong', ({ spin, on }) => {
    for (const name of on) expect(errors(programOf(spin, name), name)).toBe(errorBit('division-by-zero'));
  });

  it('by load-locked and store-conditional does not hide what another does wrong', () => {
    const program = programOf('READ_ONCE(*a);', 'sc');
    const [spinning, ...others] = program.threads;
    const common = { target: registerId(0), address: addressOf('a'), type: int32, tags: ['Once'] } as const;
    const instructions = [
      { kind: 'load', locked: true, ...common },
      { kind: 'store-conditional', value: constant(1), ...common },
      { kind: 'jump', goto: 0 },
    ] as const;
    const code = { ...spinning.code, registers: ['r'], instructions };
    const made = { ...program, threads: [{ ...spinning, code, initial: new Map() }, ...others] };
    for (const name of ['sc', 'i386', 'pso']) expect(errors(made, name)).toBe(errorBit('division-by-zero'));
  });
});

describe('a limit', () => {
  it.each([
    { kind: 'states', limits: { maxStates: 50 } },
    { kind: 'memory', limits: { maxBytes: 10_000 } },
    { kind: 'timeout', limits: { cancelled: () => true } },
  ])('leaves a verdict Unknown: $kind', ({ kind, limits }) => {
    const test = families.inc(5);
    const whole = checkOnMachine(test, 'sc', { target: target('sc') });
    expect(whole).toMatchObject({ verdict: 'Always', incomplete: [] });
    const cut = checkOnMachine(test, 'sc', { target: target('sc'), ...limits });
    expect(cut).toMatchObject({ verdict: 'Unknown', incomplete: [{ kind }] });
  });
});

describe.each([...machines.keys()].map((name) => ({ name })))('machine $name', ({ name }) => {
  it('comes to each final state by the steps of its trace', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program }) => {
        const { machine, run, finals } = explored(program, name, { maxStates: 2000 });
        for (const final of finals.slice(0, 3)) {
          let state = new Int32Array(machine.width);
          machine.writeInitial(state);
          for (const step of run.trace(final)) {
            const possible: number[] = [];
            machine.transitions(state, possible);
            expect(possible).toContain(step);
            const next = new Int32Array(machine.width);
            machine.apply(state, step, next);
            state = next;
          }
          expect(state).toEqual(final);
        }
      }),
      runs(100),
    );
  });
});
