import { checkSections } from './alpha-sections.js';
import type { CpuState } from './alpha-state.js';
import type { SetId } from './dependencies.js';

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
export function checkCpu(own: CpuState, { cpu, isAwaited, isWithin, waiting, fail }: Surroundings): void {
  let stores = 0;
  own.window.forEach((entry, at) => {
    if (entry.kind === 'wmb' && stores === 0) fail(`CPU${cpu} keeps a WMB that separates nothing`);
    stores = entry.kind === 'wmb' ? 0 : stores + (entry.kind === 'store' ? 1 : 0);
    if (entry.kind !== 'store') return;
    if (!isWithin(entry.deps)) fail(`CPU${cpu} waits for a load that has performed`);
    const from = entry.hold;
    if (from?.by === 'store' && own.window[from.at]?.kind !== 'store') fail(`CPU${cpu} reads from no store`);
    if (from?.by === 'store' && from.at >= at) fail(`CPU${cpu} reads from a later store`);
    if (from?.by === 'load' && from.slot >= waiting) fail(`CPU${cpu} has no load for an atomic pair`);
  });
  if (own.must && own.must.at > own.window.length) fail(`CPU${cpu} must do what it cannot`);
  checkSections(own, isAwaited, (what) => fail(`CPU${cpu}: ${what}`));
}
