import type { Program, Tag, ValueTable } from '../program/index.js';
import { AlphaMachine } from './alpha.js';
import type { Liveness } from './automaton.js';
import { InOrderMachine, type InOrderRules } from './in-order.js';
import type { Machine } from './machine.js';

/** What makes a machine for a program. */
export interface MachineKind {
  readonly title: string;
  create(program: Program, values: ValueTable, liveness: Liveness): Machine;
}

const has = (tags: readonly Tag[], ...names: readonly Tag[]): boolean =>
  names.some((name) => tags.includes(name));

const sc: InOrderRules = { name: 'sc', buffer: 'none', drains: () => false, separates: () => false };

/** x86-TSO (Owens, Sarkar, Sewell 2009): one queue of stores a CPU; MFENCE and locked instructions wait until it is empty. */
const i386: InOrderRules = {
  name: 'i386',
  buffer: 'fifo',
  drains: (tags) => has(tags, 'MFENCE'),
  separates: () => false,
};

/** SPARC PSO: a queue for each location; STBAR keeps the stores after it behind those before it. */
const pso: InOrderRules = {
  name: 'pso',
  buffer: 'per-location',
  drains: (tags) => has(tags, 'MFENCE', 'MB'),
  separates: (tags) => has(tags, 'STBAR', 'WMB'),
};

const inOrder = (title: string, rules: InOrderRules): MachineKind => ({
  title,
  create: (program, values, liveness) => new InOrderMachine(program, values, rules, liveness),
});

const alpha = (title: string, dependenceOrders: boolean): MachineKind => ({
  title,
  create: (program, values, liveness) =>
    new AlphaMachine(
      program,
      values,
      { name: dependenceOrders ? 'alpha-linux' : 'alpha', dependenceOrders },
      liveness,
    ),
});

/** The machines that there are, by name. A new one is added here. */
export const machines: ReadonlyMap<string, MachineKind> = new Map([
  ['sc', inOrder('interleavings of the threads', sc)],
  ['i386', inOrder('a store buffer for each CPU', i386)],
  ['pso', inOrder('a store buffer for each CPU and location', pso)],
  ['alpha-linux', alpha('accesses perform out of order; stores wait for what they depend on', true)],
  ['alpha', alpha('accesses perform out of order, short of causal loops', false)],
]);
