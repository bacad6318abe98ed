import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { regionWords, samples } from '../../src/arbitraries/index.js';
import { shippedModel } from '../../src/cat/index.js';
import { architectureOf, type CheckOptions, check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { eras, lowerPrimitives } from '../../src/kernel/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { explore, machines } from '../../src/operational/index.js';
import { type CellId, livenessOf, type Program, ValueTable } from '../../src/program/index.js';
import { formatState } from '../../src/report/index.js';
import { shippedTests } from '../../src/shipped.js';
import { corpusFiles } from '../corpus.js';
import { testOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

const NAME = 'alpha-21264';

/** Every shipped test of a dialect that has Alpha code, with each kernel's code where it is C. */
const shipped = Object.entries(shippedTests).flatMap(([path, text]) => {
  if (!path.endsWith('.litmus')) return [];
  const test = parseLitmus(new Source(path, text));
  return test.program.dialect === 'X86' ? [] : targetsFor(test).map((options) => ({ path, test, options }));
});

function targetsFor({ program }: LitmusTest): CheckOptions[] {
  if (program.dialect !== 'C') return [{}];
  return eras.map((era) => ({ target: { architecture: architectureOf(NAME), era } }));
}

const on = (machine: string, test: LitmusTest, options: CheckOptions = {}) =>
  checkOnMachine(test, machine, { ...options, question: 'states' });

/** Final states and errors with memory that the machine reaches and the model alpha-linux does not allow; undefined where the model's are not all known. */
function forbidden(test: LitmusTest, options: CheckOptions = {}): string[] | undefined {
  const allowed = check(test, shippedModel('alpha-linux'), { ...options, question: 'states' });
  if (allowed.incomplete.length > 0) return undefined;
  const reached = on(NAME, test, options);
  return [
    ...missing(reached, allowed, test),
    ...reached.flags.filter((flag) => !allowed.flags.includes(flag)),
  ];
}

type States = Pick<ReturnType<typeof check>, 'states' | 'observables'>;

/** The states in `some` that are not in `all`. */
function missing(some: States, all: States, { program }: LitmusTest): string[] {
  const text = ({ states, observables }: States) => states.map((s) => formatState(s, observables, program));
  const known = new Set(text(all));
  return text(some).filter((state) => !known.has(state));
}

const programs = fc.oneof(
  { weight: 3, arbitrary: samples({ faults: false }) },
  { weight: 1, arbitrary: samples({ words: { ...regionWords, memory: true }, faults: false }) },
);

describe(`the machine ${NAME} does nothing that alpha-linux forbids`, () => {
  it('on the tests that ship', () => {
    expect(
      shipped.flatMap(({ path, test, options }) => (forbidden(test, options)?.length ? path : [])),
    ).toEqual([]);
  });

  it.each(['kernel-c', 'alpha-asm'])('on the corpus %s', (folder) => {
    const wrong = corpusFiles(folder).filter((source) => {
      const test = parseLitmus(source);
      // With more threads there are too many interleavings to look at each time.
      if (test.program.threads.length > 4) return false;
      return forbidden(test, targetsFor(test)[0])?.length;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('on random programs; and it does all that the machine pso does', () => {
    fc.assert(
      fc.property(programs, ({ program, proposition }) => {
        const test = testOf(program, proposition);
        const wrong = forbidden(test);
        fc.pre(wrong !== undefined);
        expect(wrong).toEqual([]);
        expect(missing(on('pso', test), on(NAME, test), test)).toEqual([]);
      }),
      runs(50),
    );
  });
});

describe(`the machine ${NAME} reaches what the hardware did`, () => {
  /** What needs a store that takes effect before an earlier load of its CPU: no Alpha 21264 does that. */
  const earlyStores = [
    'LB',
    '3.LB',
    '3.LB+sync+rscs+rscs',
    'LB+data+po',
    'LB+mb+po',
    'LB+wmbs',
    'S+wmb+po',
    'WRC+po+rmb',
  ];

  /** What a reader outside of any section could see while a grace period runs, but that its CPU passes a barrier then. */
  const quiescent = ['MP+sync+po'];

  it('reaches all that alpha-linux allows in the tests that ship, short of early stores and quiescent CPUs', () => {
    const short = shipped.flatMap(({ path, test, options }) => {
      const model = check(test, shippedModel('alpha-linux'), { ...options, question: 'states' });
      const found = on(NAME, test, options);
      const isLess = model.verdict === 'Sometimes' && found.verdict !== 'Sometimes';
      const misses = model.flags.some((flag) => !found.flags.includes(flag));
      return isLess || misses ? [path.replace(/^.*\/|\.litmus$/g, '')] : [];
    });
    expect([...new Set(short)].sort()).toEqual([...earlyStores, ...quiescent].sort());
  });

  it.each([...earlyStores, ...quiescent])('never shows %s', (name) => {
    const verdicts = shipped
      .filter(({ path }) => path.endsWith(`/${name}.litmus`))
      .map(({ test, options }) => checkOnMachine(test, NAME, options).verdict);
    expect(verdicts.length).toBeGreaterThan(0);
    expect(new Set(verdicts)).toEqual(new Set(['Never']));
  });
});

describe('the cache and its queues', () => {
  const verdicts = (text: string, options: CheckOptions = {}) => {
    const test = parseLitmus(new Source('test', text));
    return [checkOnMachine(test, NAME, options), check(test, shippedModel('alpha-linux'), options)].map(
      ({ verdict }) => verdict,
    );
  };

  /** Three writes in order. The reader comes to know that all have taken effect, and sees the second one late, but not the first. */
  const late = (locations: string) => `Alpha late
{ int ${locations.split(' ').join('; int ')};
0:$1=x; 0:$2=y; 0:$3=z; 1:$1=x; 1:$2=y; 1:$3=z; }
 P0            | P1           ;
 LDA $9,1($31) | LDQ $4,0($2) ;
 STQ $9,0($1)  | LDQ $5,0($3) ;
 WMB           | LDQ $6,0($3) ;
 STQ $9,0($3)  | LDQ $7,0($1) ;
 WMB           |              ;
 STQ $9,0($2)  |              ;
exists (1:$4=1 /\\ 1:$5=0 /\\ 1:$6=1 /\\ 1:$7=0)`;

  it('make invalidates of one bank good in the order in which they came', () => {
    expect(verdicts(late('x y z'))).toEqual(['Never', 'Sometimes']);
  });

  it('make invalidates of two banks good in any order', () => {
    expect(verdicts(late('x z y'))).toEqual(['Sometimes', 'Sometimes']);
  });

  it('hold no line again before it is read', () => {
    const between = (value: number) => `Alpha between
{ 0:$1=x; 0:$2=y; 1:$1=x; 1:$2=y; }
 P0            | P1           ;
 LDA $9,1($31) | LDQ $4,0($2) ;
 STQ $9,0($1)  | LDQ $5,0($1) ;
 LDA $8,2($31) |              ;
 STQ $8,0($1)  |              ;
 WMB           |              ;
 STQ $9,0($2)  |              ;
exists (1:$4=1 /\\ 1:$5=${value})`;
    expect([0, 1, 2].map((value) => verdicts(between(value)))).toEqual([
      ['Sometimes', 'Sometimes'],
      ['Never', 'Sometimes'],
      ['Sometimes', 'Sometimes'],
    ]);
  });

  it.each(['cmpxchg_relaxed(y, 0, 1)', 'xchg_relaxed(y, 1)', 'atomic_inc(y)'])(
    'let %s pass no store before a WMB',
    (atomic) => {
      const text = `C atomic
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_wmb(); ${atomic}; }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); smp_mb(); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)`;
      const target = { architecture: architectureOf(NAME), era: '2.6' } as const;
      expect(verdicts(text, { target })).toEqual(['Never', 'Never']);
      expect(verdicts(text.replace('smp_wmb(); ', ''), { target })).toEqual(['Sometimes', 'Sometimes']);
    },
  );

  it('may hold what is old until a grace period begins, which it need not do at once', () => {
    const text = `C late
{}
P0(int *x) { WRITE_ONCE(*x, 1); synchronize_rcu(); }
P1(int *x, int *z) { int r0; int r1; r0 = READ_ONCE(*z); r1 = READ_ONCE(*x); }
P2(int *x, int *z) { int r0; r0 = READ_ONCE(*x); smp_mb(); WRITE_ONCE(*z, 1); }
exists (2:r0=1 /\\ 1:r0=1 /\\ 1:r1=0)`;
    const target = { architecture: architectureOf(NAME), era: '2.6' } as const;
    expect(verdicts(text, { target })).toEqual(['Sometimes', 'Sometimes']);
  });

  it('hold nothing old in a section that follows one that a grace period waited for', () => {
    const text = `C again
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); synchronize_rcu(); WRITE_ONCE(*y, 1); }
P1(int *x, int *y)
{
  int r0; int r1; int r2;
  rcu_read_lock();
  r2 = READ_ONCE(*y);
  rcu_read_unlock();
  rcu_read_lock();
  r0 = READ_ONCE(*y);
  r1 = READ_ONCE(*x);
  rcu_read_unlock();
}
exists (1:r0=1 /\\ 1:r1=0)`;
    const target = { architecture: architectureOf(NAME), era: '2.6' } as const;
    expect(verdicts(text, { target })).toEqual(['Never', 'Never']);
  });
});

describe('the stale data of the NMI handler, as steps', () => {
  /** The shortest way to a final state in which the handler saw the old data; undefined when there is none. */
  function stale(path: string, handler = 'handler_saw'): string[] | undefined {
    const { program } = parseLitmus(new Source(path, shippedTests[path]));
    const lowered: Program = lowerPrimitives(program, { architecture: architectureOf(NAME), era: '2.6' });
    const values = new ValueTable();
    const machine = machines.get(NAME)?.create(
      lowered,
      values,
      livenessOf(() => []),
    );
    if (!machine) throw new Error('no such machine');
    const cell = lowered.cells.findIndex(({ name }) => name === handler) as CellId;
    let found: Int32Array | undefined;
    const run = explore(machine, {
      final: (state) => {
        if (values.value(machine.memory(state, cell)) !== 0n) return false;
        found = state.slice();
        return true;
      },
    });
    if (!found) return undefined;
    let state = new Int32Array(machine.width);
    machine.writeInitial(state);
    return run.trace(found).map((step) => {
      const sentence = machine.describe(state, step);
      const next = new Int32Array(machine.width);
      machine.apply(state, step, next);
      state = next;
      return sentence;
    });
  }

  /** The sentences of the story that are in a trace, in its order. */
  const told = (trace: readonly string[] | undefined, story: readonly string[]) =>
    trace?.filter((sentence) => story.includes(sentence));

  it('tells the story of the callback that reads a global', () => {
    const story = [
      'CPU0 stores my_data = 1 into its write buffer',
      'CPU0 passes the barrier WMB',
      'CPU0 stores nmi_callback = my_nmi_callback into its write buffer',
      'the store my_data = 1 leaves the write buffer of CPU0, which takes the line for itself',
      'CPU1 acknowledges the invalidate of my_data; it waits in the probe queue',
      'the store nmi_callback = my_nmi_callback leaves the write buffer of CPU0, which takes the line for itself',
      'CPU1 has dropped the line of nmi_callback: there is nothing to invalidate',
      'CPU1 enters the handler P2',
      'CPU1 in do_nmi loads nmi_callback: miss in bank 0, value my_nmi_callback is fetched past the probe queue',
      'CPU1 in my_nmi_callback loads my_data: hit in bank 0, old value 0',
    ];
    const trace = stale('nmi/other-cpu-global-plain-load.litmus');
    expect(told(trace, story)).toEqual(story);
  });

  it('tells the story of the callback that reads through its argument', () => {
    expect(stale('nmi/other-cpu-argument-plain-load.litmus')).toContain(
      'CPU1 in my_nmi_callback loads my_data.value: hit in bank 0, old value 0',
    );
  });

  it.each(['global', 'argument'])('has no such steps with rcu_dereference() (%s)', (form) => {
    expect(stale(`nmi/other-cpu-${form}.litmus`)).toBeUndefined();
  });
});
