import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allChoices, machineWords, samples } from '../../src/arbitraries/index.js';
import { loadModel } from '../../src/cat/index.js';
import { type CheckResult, check, checkOnMachine } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import type { Code, Instruction, Program, Tag } from '../../src/program/index.js';
import { formatState } from '../../src/report/index.js';
import { corpusFolder } from '../corpus.js';
import { testOf } from '../oracle/asking.js';
import { runs } from '../seed.js';
import { multiCopyAtomic, type TriedMachine } from './multi-copy-atomic.js';

interface Row {
  readonly file: string;
  readonly targets: Readonly<Record<string, { readonly states: readonly string[] }>>;
}

const tidy = (state: string): string =>
  state
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .sort()
    .join('; ');

function answer({ states, observables }: CheckResult, { program }: LitmusTest): string[] {
  return states.map((state) => tidy(formatState(state, observables, program))).sort();
}

/** The states in which a machine can end. */
function statesOn({ kind, lowered }: TriedMachine, source: Source): string[] {
  const test = parseLitmus(source);
  const result = checkOnMachine({ ...test, program: lowered(test.program) }, kind, { question: 'states' });
  expect(result.incomplete).toEqual([]);
  return answer(result, test);
}

describe('corpus kernel-c, on machines that no target names yet', () => {
  const folder = corpusFolder('kernel-c');
  if (!folder) {
    it('is skipped: it does not stand beside this checkout', () => {
      console.warn('corpus kernel-c: skipped, not there');
      expect(folder).toBeUndefined();
    });
    return;
  }
  const rows = readFileSync(join(folder, 'expected.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

  it.each(['arm64', 'riscv'] as const)('has the recorded states by the table of %s', (name) => {
    const differing = rows
      .filter(({ targets }) => targets[name]?.states)
      .filter(({ file, targets }) => {
        const source = new Source(file, readFileSync(join(folder, file), 'utf8'));
        const states = statesOn(multiCopyAtomic[name], source);
        return JSON.stringify(states) !== JSON.stringify(targets[name].states.map(tidy).sort());
      });
    expect(differing.map(({ file }) => file)).toEqual([]);
  });
});

/** What is in a program's tags, in the words of the tables; models know no others. */
const tags: Readonly<Record<'arm64' | 'riscv', Readonly<Record<string, string>>>> = {
  arm64: { MFENCE: 'DMB.ISH', LFENCE: 'DMB.ISHLD', SFENCE: 'DMB.ISHST', ACQ: 'A', CON: 'Q', REL: 'L' },
  riscv: { MFENCE: 'fence rw,rw', LFENCE: 'fence r,rw', SFENCE: 'fence w,w', STBAR: 'fence rw,w' },
};

/**
 * What the tables stand for, as models: Armv8 by the Arm Architecture Reference Manual, B2.3, and RISC-V by its unprivileged
 * manual, chapter RVWMO, as far as programs have to do with it.
 */
const models = {
  arm64: `arm64
include "load-locked.cat"
let obs = rfe | fre | coe
let own = [R]; same-instance; [W]
let dob = addr | data | (ctrl | choice); [W] | addr; po; [W] | (addr | data); rfi
let bob = po; [MFENCE]; po | [R]; po; [LFENCE]; po; [M] | [W]; po; [SFENCE]; po; [W]
  | [W & REL]; po; [R & ACQ] | [R & (ACQ | CON)]; po; [M] | [M]; po; [W & REL]
let ob = obs | dob | bob | po-loc; [W] | own
acyclic ob as external
acyclic po-loc | own | rf | co | fr as coherence
empty rmw & (fre; coe) as atomic
irreflexive broken-pair(ob) as locked
`,
  riscv: `riscv
include "load-locked.cat"
let own = [R]; same-instance; [W]
let same-location-reads = ([R]; po-loc; [R]) \\ (po-loc; [W]; po-loc) \\ (rf^-1; rf)
let fences = po; [MFENCE]; po | [R]; po; [LFENCE]; po; [M] | [W]; po; [SFENCE]; po; [W] | [M]; po; [STBAR]; po; [W]
let dependencies = addr | data | (ctrl | choice); [W] | addr; po; [W] | (addr | data); rfi
let ppo = po-loc; [W] | own | same-location-reads | fences | dependencies | [range(rmw)]; rfi
let gmo = co | rfe | fre | ppo
acyclic gmo as order
acyclic po-loc | own | rf | co | fr as coherence
empty rmw & (fre; coe) as atomic
irreflexive broken-pair(gmo) as locked
`,
};

const words = {
  ...machineWords,
  loads: [['Once'], ['Once'], ['ACQ'], ['CON']],
  stores: [['Once'], ['Once'], ['REL']],
  fences: [['MFENCE'], ['LFENCE'], ['SFENCE'], ['STBAR']],
  choices: allChoices,
};

/** The program for the machine, whose tables have names of their own for barriers and marks. */
function renamed(program: Program, names: Readonly<Record<string, string>>): Program {
  const all = (found: readonly Tag[]): readonly Tag[] => found.map((tag) => names[tag] ?? tag);
  const codeOf = (code: Code): Code => ({
    ...code,
    instructions: code.instructions.map((one): Instruction => {
      if (one.kind === 'rmw') return { ...one, readTags: all(one.readTags), writeTags: all(one.writeTags) };
      return 'tags' in one && one.tags ? ({ ...one, tags: all(one.tags) } as Instruction) : one;
    }),
  });
  const threads = program.threads.map((thread) => ({ ...thread, code: codeOf(thread.code) }));
  return { ...program, threads, functions: program.functions.map(codeOf) };
}

describe.each(['arm64', 'riscv'] as const)('the table of %s', (name) => {
  it('has the states that the model allows, on random programs', () => {
    const model = loadModel(`${name}.cat`, models[name]);
    fc.assert(
      fc.property(samples({ words, faults: false }), ({ program, proposition }) => {
        const test = testOf(program, proposition);
        const axiomatic = check(test, model, { question: 'states' });
        fc.pre(axiomatic.incomplete.length === 0);
        const own = { ...test, program: renamed(program, tags[name]) };
        const { kind } = multiCopyAtomic[name];
        expect(answer(checkOnMachine(own, kind, { question: 'states' }), test)).toEqual(
          answer(axiomatic, test),
        );
      }),
      runs(120),
    );
  });
});
