import { alpha, alphaLinux } from './alpha.js';
import { alpha21264 } from './alpha-21264.js';
import { i386 } from './i386.js';
import type { MachineKind } from './machine/machine.js';
import { pso } from './pso.js';
import { sc } from './sc.js';

/** The machines that there are. A new one is added here. */
const kinds: readonly MachineKind[] = [sc, i386, pso, alphaLinux, alpha, alpha21264];

/** The machines by name. */
export const machines: ReadonlyMap<string, MachineKind> = new Map(kinds.map((kind) => [kind.name, kind]));
