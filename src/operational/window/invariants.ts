import type { DependencySets, SetId } from './load-sets.js';
import { checkSections } from './read-side-sections.js';
import { type CpuRecord, excludes } from './window-cpu.js';
import { type CpuState, placeOfSlot, separates, slotAt } from './window-state.js';

/** A state of the machine, taken apart. */
interface Whole {
  readonly cells: readonly { readonly name: string }[];
  /** By location: its value, and the set of loads that wait and that the value comes from. */
  readonly values: ArrayLike<number>;
  readonly sources: ArrayLike<number>;
  readonly cpus: readonly CpuRecord[];
  readonly sets: DependencySets;
  /** Whether grace periods can wait for a CPU's sections. */
  readonly isAwaited: (cpu: number) => boolean;
  readonly fail: (what: string) => never;
}

/** Checks the invariants of the machine's state. */
export function checkMachine({ cells, values, sources, cpus, sets, isAwaited, fail }: Whole): void {
  const waiting = (cpu: number): number => {
    if (cpu >= cpus.length) fail(`a value comes from CPU${cpu}, which there is not`);
    const { window } = cpus[cpu].state;
    return slotAt(window, window.length);
  };
  const isWithin = (set: SetId): boolean => sets.isWithin(set, waiting);
  cpus.forEach(({ state, held }, cpu) => {
    // One CPU may be in several: its own stores come between no pair of its own.
    for (const other of cpus.slice(0, cpu))
      for (const pair of held)
        if (other.held.some((rival) => excludes(pair, rival)))
          fail(`two atomic pairs keep each other from ${cells[pair.cell].name}`);
    checkCpu(state, { cpu, isAwaited: isAwaited(cpu), isWithin, waiting: waiting(cpu), fail });
  });
  for (let cell = 0; cell < values.length; cell++) {
    if (values[cell] <= 0) fail(`${cells[cell].name} holds no value`);
    if (!isWithin(sources[cell] as SetId)) fail(`${cells[cell].name} comes from a load that has performed`);
  }
}

interface Surroundings {
  readonly cpu: number;
  /** Whether grace periods can wait for the CPU's sections. */
  readonly isAwaited: boolean;
  /** Whether a set has only loads that wait. */
  readonly isWithin: (set: SetId) => boolean;
  /** How many loads wait on the CPU. */
  readonly waiting: number;
  readonly fail: (what: string) => never;
}

/** Checks the invariants of a CPU's state. */
function checkCpu(own: CpuState, { cpu, isAwaited, isWithin, waiting, fail }: Surroundings): void {
  own.window.forEach((entry, at) => {
    if (entry.kind === 'barrier' && !separates(own.window, at, entry.pairs))
      fail(`CPU${cpu} keeps a barrier that separates nothing`);
    if (entry.kind !== 'store') return;
    if (!isWithin(entry.deps)) fail(`CPU${cpu} waits for a load that has performed`);
    const slot = entry.hold?.slot ?? -1;
    if (slot >= waiting || (slot >= 0 && placeOfSlot(own.window, slot) > at))
      fail(`CPU${cpu} has no load for an atomic pair`);
  });
  if (own.must && own.must.at > own.window.length) fail(`CPU${cpu} must do what it cannot`);
  checkSections(own, isAwaited, (what) => fail(`CPU${cpu}: ${what}`));
}
