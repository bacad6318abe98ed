import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { samples } from '../../src/arbitraries/index.js';
import { Source } from '../../src/diagnostics.js';
import { lowerPrimitives } from '../../src/kernel/index.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { machines } from '../../src/operational/index.js';
import { type Code, livenessOf, type Program, registerId, ValueTable } from '../../src/program/index.js';
import { shippedTests } from '../../src/shipped.js';
import { runs } from '../seed.js';

const every = ({ registers }: Code) => registers.map((_, index) => registerId(index));

function machineFor(program: Program, name: string, values: ValueTable) {
  const machine = machines.get(name)?.create(program, values, livenessOf(every));
  if (!machine) throw new Error(`no machine ${name}`);
  return machine;
}

/** Makes the steps that the words begin with, one after the other, and gives what there is to see after each. */
function walk(text: string, name: string, words: readonly string[]) {
  const { program } = parseLitmus(new Source('test', text));
  const machine = machineFor(
    program.dialect === 'C' ? lowerPrimitives(program, { architecture: 'alpha', era: '2.6' }) : program,
    name,
    new ValueTable(),
  );
  let state = new Int32Array(machine.width);
  machine.writeInitial(state);
  return words.map((word) => {
    const steps: number[] = [];
    machine.transitions(state, steps);
    const found = steps.map((step) => machine.describe(state, step));
    const step = steps[found.indexOf(word)];
    if (step === undefined) throw new Error(`no step "${word}"; there are: ${found.join('; ')}`);
    const next = new Int32Array(machine.width);
    const cell = machine.cell(state, step);
    machine.apply(state, step, next);
    state = next;
    return { cell, view: machine.view(state) };
  });
}

const x86 = shippedTests['classic/x86/SB.litmus'];

describe('what there is to see of a machine', () => {
  it('shows a store in the buffer, and then in memory', () => {
    const [stored, loaded, left] = walk(x86, 'i386', [
      'CPU0 stores x = 1 into its store buffer',
      'CPU0 loads y = 0 from memory',
      'the store x = 1 leaves the store buffer of CPU0 for memory',
    ]);
    expect(stored.cell).toBe(0);
    expect(stored.view.memory).toEqual([
      { name: 'x', value: '0' },
      { name: 'y', value: '0' },
    ]);
    expect(stored.view.cpus[0].parts).toEqual([{ name: 'store buffer', entries: ['x = 1'] }]);
    expect(stored.view.cpus[1].parts).toEqual([{ name: 'store buffer', entries: [] }]);
    expect(
      stored.view.cpus.map(({ name, threads }) => [name, threads.map((thread) => thread.status)]),
    ).toEqual([
      ['CPU0', ['running']],
      ['CPU1', ['running']],
    ]);
    expect(loaded.cell).toBe(1);
    expect(loaded.view.cpus[0].threads[0]).toMatchObject({
      name: 'P0',
      status: 'through',
      functions: [],
      registers: [{ name: 'EAX', value: '0' }],
    });
    expect(left.view.memory[0]).toEqual({ name: 'x', value: '1' });
    expect(left.view.cpus[0].parts[0].entries).toEqual([]);
  });

  it('shows accesses that wait in the window of an Alpha, and where each thread is in the text', () => {
    const [waits, stores] = walk(shippedTests['classic/c/MP+wmb+addr.litmus'], 'alpha-linux', [
      'CPU1 issues a load of p that waits',
      'CPU1 goes on as if its waiting load 0 returned x',
    ]);
    expect(waits.view.cpus.map(({ parts }) => parts)).toEqual([
      [{ name: 'window', entries: ['store x = 1', 'WMB', 'store p = x'] }],
      [{ name: 'window', entries: ['load 0 of p'] }],
    ]);
    const [{ status, next, registers }] = stores.view.cpus[1].threads;
    expect(status).toBe('running');
    expect(next?.source.text.slice(next.start, next.end)).toBe('READ_ONCE(*r0)');
    expect(registers).toEqual([
      { name: 'p', value: 'p' },
      { name: 'r0', value: 'x' },
    ]);
  });

  it('says of a handler whether it is due, entered, or through', () => {
    const text =
      'C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\n__nmi(P0) P1(int *x) { WRITE_ONCE(*x, 2); }\nexists (x=2)';
    const seen = walk(text, 'sc', [
      'CPU0 enters the handler P1',
      'CPU0 in P1 stores x = 2',
      'CPU0 returns from the handler P1',
      'CPU0 stores x = 1',
    ]).map(({ view }) => view.cpus[0].threads.map(({ status }) => status));
    expect(seen).toEqual([
      ['interrupted', 'running'],
      ['interrupted', 'running'],
      ['running', 'through'],
      ['through', 'through'],
    ]);
  });
});

describe.each([...machines.keys()].map((name) => ({ name })))(
  'machine $name, on random programs',
  ({ name }) => {
    it('shows what memory holds, says each step in words of its own, and at the end that no store is left', () => {
      fc.assert(
        fc.property(samples({ faults: false }), fc.infiniteStream(fc.nat(0xffff)), ({ program }, choices) => {
          const values = new ValueTable();
          const machine = machineFor(program, name, values);
          let state = new Int32Array(machine.width);
          machine.writeInitial(state);
          for (let count = 0; count < 60 && !machine.isFinal(state); count++) {
            const steps: number[] = [];
            machine.transitions(state, steps);
            if (steps.length === 0) return;
            const step = steps[(choices.next().value as number) % steps.length];
            const cell = machine.cell(state, step);
            if (cell !== undefined) expect(machine.describe(state, step)).toContain(program.cells[cell].name);
            expect(machine.describe(state, step)).toMatch(/\bCPU\d/);
            const next = new Int32Array(machine.width);
            machine.apply(state, step, next);
            state = next;
            const { memory } = machine.view(state);
            expect(memory.map((shown) => shown.name)).toEqual(program.cells.map((known) => known.name));
          }
          if (!machine.isFinal(state)) return;
          for (const { threads, parts } of machine.view(state).cpus) {
            expect(threads.every(({ status }) => status === 'through')).toBe(true);
            const stores = parts.filter((part) => /buffer|window/.test(part.name));
            expect(stores.flatMap(({ entries }) => entries)).toEqual([]);
          }
        }),
        runs(100),
      );
    });
  },
);
