import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allChoices, machineWords, regionWords, samples, srcuWords } from '../../src/arbitraries/index.js';
import { shippedModel, shippedModelNames } from '../../src/cat/index.js';
import {
  type CheckOptions,
  type CheckResult,
  check,
  checkOnMachine,
  machineNames,
} from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { type Architecture, eras } from '../../src/kernel/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { formatState } from '../../src/report/index.js';
import { shippedTests } from '../../src/shipped.js';
import { corpusFiles } from '../corpus.js';
import { lockings, mistakes, withLocks, withMistake } from '../mistakes.js';
import { testOf } from '../oracle/asking.js';
import { isLong, runs } from '../seed.js';

/** What both engines must agree on. */
function answer(result: CheckResult, test: LitmusTest) {
  return {
    incomplete: result.incomplete.filter((limit) => limit.kind !== 'unrolling'),
    flags: result.flags,
    states: result.states.map((state) => formatState(state, result.observables, test.program)).sort(),
  };
}

const choosingWords = { ...machineWords, choices: allChoices };

/** The machines that a model of the same name says everything about. */
const modelled = machineNames.filter((name) => shippedModelNames().includes(name));

const describeMachines = describe.each(modelled.map((name) => ({ name })));

describeMachines('machine $name', ({ name }) => {
  it('reaches the states that the model of its name allows, on every test that ships', () => {
    const differing: string[] = [];
    for (const [index, [path, text]] of Object.entries(shippedTests).entries()) {
      // In turns, another third for each machine: all of them take long.
      if (!path.endsWith('.litmus') || (!isLong && index % 3 !== modelled.indexOf(name) % 3)) continue;
      const test = parseLitmus(new Source(path, text));
      const chosen = isLong ? eras : [eras[index % eras.length]];
      const targets =
        test.program.dialect === 'C'
          ? chosen.map((era) => ({ target: { architecture: name as Architecture, era } }))
          : [{}];
      for (const target of targets) {
        const options = { question: 'states', ...target } as const;
        const axiomatic = check(test, shippedModel(name), options);
        if (axiomatic.incomplete.length > 0) continue;
        const operational = checkOnMachine(test, name, options);
        if (JSON.stringify(answer(axiomatic, test)) !== JSON.stringify(answer(operational, test)))
          differing.push(path);
      }
    }
    expect(differing).toEqual([]);
  });

  it.each([
    { title: 'random programs', words: machineWords, times: 50 },
    { title: 'random programs with grace periods', words: regionWords, times: 50 },
    { title: 'random programs with SRCU', words: srcuWords, times: 50 },
    { title: 'random programs with locks', words: { ...machineWords, locks: true }, times: 50 },
    { title: 'random programs that choose', words: choosingWords, times: 50 },
    { title: 'random circles of values', words: choosingWords, times: 50, circling: true },
    {
      title: 'random programs with grace periods and memory that is freed',
      words: { ...regionWords, memory: true },
      times: 50,
    },
  ])(
    'reaches the states that the model of its name allows, on $title',
    ({ words, times, circling = false }) => {
      fc.assert(
        fc.property(samples({ words, faults: false, circling }), ({ program, proposition }) => {
          const test = testOf(program, proposition);
          const axiomatic = check(test, shippedModel(name), { question: 'states' });
          fc.pre(axiomatic.incomplete.length === 0);
          expect(answer(checkOnMachine(test, name, { question: 'states' }), test)).toEqual(
            answer(axiomatic, test),
          );
        }),
        runs(times),
      );
    },
  );

  it('finds the mistakes and the states that the model of its name allows, on random programs', () => {
    fc.assert(
      fc.property(
        samples({ words: { ...regionWords, choices: allChoices } }),
        mistakes,
        mistakes,
        (sample, first, second) => {
          const program = withMistake(withMistake(sample.program, first), second);
          const test = testOf(program, sample.proposition);
          const axiomatic = check(test, shippedModel(name), { question: 'states' });
          fc.pre(axiomatic.incomplete.length === 0);
          expect(answer(checkOnMachine(test, name, { question: 'states' }), test)).toEqual(
            answer(axiomatic, test),
          );
        },
      ),
      runs(50),
    );
  });

  it('finds the deadlocks and the states that the model of its name allows, on random programs', () => {
    let found = 0;
    fc.assert(
      fc.property(
        samples({ words: { ...regionWords, choices: allChoices }, faults: false }),
        lockings,
        (sample, locked) => {
          const test = testOf(withLocks(sample.program, locked), sample.proposition);
          const axiomatic = check(test, shippedModel(name), { question: 'states' });
          fc.pre(axiomatic.incomplete.length === 0);
          if (axiomatic.flags.includes('deadlock')) found++;
          expect(answer(checkOnMachine(test, name, { question: 'states' }), test)).toEqual(
            answer(axiomatic, test),
          );
        },
      ),
      runs(50),
    );
    expect(found).toBeGreaterThan(0);
  });

  it('finds the errors with memory and the states that the model of its name allows, on random programs', () => {
    fc.assert(
      fc.property(
        samples({ faults: false, words: { ...machineWords, memory: true } }),
        ({ program, proposition }) => {
          const test = testOf(program, proposition);
          const axiomatic = check(test, shippedModel(name), { question: 'states' });
          fc.pre(axiomatic.incomplete.length === 0);
          expect(answer(checkOnMachine(test, name, { question: 'states' }), test)).toEqual(
            answer(axiomatic, test),
          );
        },
      ),
      runs(50),
    );
  });
});

describe('the corpora', () => {
  const cases = [
    { folder: 'x86', name: 'i386' },
    { folder: 'kernel-c', name: 'sc' },
    { folder: 'kernel-c', name: 'i386' },
    { folder: 'kernel-c', name: 'alpha-linux' },
    { folder: 'kernel-c', name: 'alpha' },
    { folder: 'alpha-asm', name: 'alpha-linux' },
    { folder: 'alpha-asm', name: 'alpha' },
  ] as const;

  it.each(cases)('$folder gives the same states with both engines under $name', ({ folder, name }) => {
    const files = corpusFiles(folder).filter((_, index) => isLong || index % 5 === 0);
    const differing = files.filter((source) => {
      const test = parseLitmus(source);
      const target =
        test.program.dialect === 'C' ? { target: { architecture: name, era: '2.6' } as const } : {};
      const options = { question: 'states', ...target } as const;
      const left = answer(check(test, shippedModel(name), options), test);
      const right = answer(checkOnMachine(test, name, options), test);
      return JSON.stringify(left) !== JSON.stringify(right);
    });
    expect(differing.map((source) => source.name)).toEqual([]);
  });
});

describe('what random programs do not have', () => {
  const both = (text: string, name: string, target?: CheckOptions['target']) => {
    const test = parseLitmus(new Source('test', text));
    const options = { question: 'states', ...(target ? { target } : {}) } as const;
    return [check(test, shippedModel(name), options), checkOnMachine(test, name, options)].map(
      (result) => answer(result, test).states,
    );
  };

  it.each(modelled)('%s has room for locations that only the instructions name', (name) => {
    const text = `Alpha t
{ 0:$1=x; 1:$1=x; }
 P0            | P1            ;
 LDA $2,1($31) | LDQ $4,8($1)  ;
 STQ $2,8($1)  | LDQ $5,16($1) ;
exists (1:$4=1 /\\ 1:$5=0)`;
    const states = ['1:R4=0; 1:R5=0;', '1:R4=1; 1:R5=0;'];
    expect(both(text, name)).toEqual([states, states]);
  });

  it.each(['LDQ $5,1($1)', 'STQ $2,2($1)', 'LDQ $5,12($1)'])('%s is an error on every machine', (access) => {
    const text = `Alpha t
{ 0:$1=x; 1:$1=x; }
 P0            | P1            ;
 LDA $2,1($31) | LDQ $4,0($1)  ;
 STQ $2,0($1)  | ${access} ;
 LDQ $3,0($1)  | LDQ $6,0($1)  ;
exists (1:$4=1 /\\ 1:$6=0)`;
    const test = parseLitmus(new Source('test', text));
    for (const name of modelled)
      for (const result of [check(test, shippedModel(name)), checkOnMachine(test, name)])
        expect([...result.errorPlaces.keys()]).toEqual(['unaligned-access']);
  });

  it.each(modelled)('%s tells locations apart, however many there are', (name) => {
    const many = Array.from({ length: 34 }, (_, at) => `int *a${at}`).join(', ');
    const text = `C t
{}
P0(${many}) { WRITE_ONCE(*a32, 1); WRITE_ONCE(*a31, 1); }
P1(${many}) { WRITE_ONCE(*a31, 2); }
locations [a31; a32; a33]
exists (a32=1)`;
    const states = ['[a31]=1; [a32]=1; [a33]=0;', '[a31]=2; [a32]=1; [a33]=0;'];
    expect(both(text, name, { architecture: name as Architecture, era: '2.6' })).toEqual([states, states]);
  });

  it.each(modelled)('%s knows in a function what its caller does next', (name) => {
    const text = `C t
{}
int look(int *x) { return READ_ONCE(*x); }
P0(int *x, int *y) { int r0; r0 = look(x); WRITE_ONCE(*y, 1); }
P1(int *y) { int r0; r0 = READ_ONCE(*y); }
P2(int *x) { WRITE_ONCE(*x, 1); }
locations [0:r0]
exists (1:r0=1)`;
    const states = [0, 1].flatMap((one) => [0, 1].map((other) => `0:r0=${one}; 1:r0=${other};`));
    expect(both(text, name, { architecture: name as Architecture, era: '2.6' })).toEqual([states, states]);
  });

  it.each(modelled)(
    '%s tells threads apart that do the same to what they read, but with other numbers',
    (name) => {
      const text = `C t
{}
P0(int *x) { int r0; r0 = READ_ONCE(*x); r0 = r0 & 1; }
P1(int *x) { int r0; r0 = READ_ONCE(*x); r0 = r0 & 2; }
P2(int *x) { WRITE_ONCE(*x, 1); }
locations [1:r0]
exists (0:r0=1)`;
      const states = ['0:r0=0; 1:r0=0;', '0:r0=1; 1:r0=0;'];
      expect(both(text, name, { architecture: name as Architecture, era: '2.6' })).toEqual([states, states]);
    },
  );

  it.each(modelled)('%s keeps a CPU waiting for a lock', (name) => {
    const section = 'int r; spin_lock(l); r = *x; *x = r + 1; spin_unlock(l);';
    const text = `C t
{}
P0(spinlock_t *l, int *x) { ${section} }
P1(spinlock_t *l, int *x) { ${section} }
exists (x=1)`;
    // Two sections, one after the other. The machines that know no acquire or release may run them into each other.
    const [axiomatic, operational] = both(text, name, { architecture: 'lkmm', era: '6.x' });
    expect(operational).toEqual(axiomatic);
    expect(operational).toContain('[x]=2;');
    if (name === 'sc' || name === 'i386') expect(operational).toEqual(['[x]=2;']);
  });
});
