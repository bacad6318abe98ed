import type { Execution } from '../../check/index.js';
import type { Reordering } from './allowed.js';

/** What two accesses of one CPU are, in program order; `same` when they are to one location. */
export type PairKind = `${'load' | 'store'}-${'load' | 'store'}${'' | '-same'}`;

export function kindOfPermission({ first, second }: Reordering, { graph }: Execution): PairKind {
  const [a, b] = [graph.events[first], graph.events[second]];
  const word = (kind: string) => (kind === 'read' ? 'load' : 'store');
  return `${word(a.kind)}-${word(b.kind)}${a.cell === b.cell ? '-same' : ''}`;
}

const forwarding =
  "a load may take its own CPU's store from the store buffer, before that store is in memory";

const tso = {
  'store-load':
    'a store waits in the store buffer while a later load of another location goes on (no MFENCE and no locked instruction between)',
  'store-load-same': forwarding,
};

const alphaPermissions = {
  'load-load':
    'no row of table 5-1 of the Alpha handbook orders two loads of different locations, dependent or not (no MB between)',
  'store-store':
    'no row of table 5-1 of the Alpha handbook orders two stores to different locations (no MB and no WMB between)',
  'store-load':
    'no row of table 5-1 of the Alpha handbook orders a store and a later load of another location (no MB between)',
  'store-load-same': forwarding,
};

/**
 * Why each model that ships lets two accesses of a CPU take effect against program order: by model, then by
 * kind of pair. What stands here is only told of a pair that the model's own relations do not order.
 */
const permissions: Readonly<Record<string, Partial<Record<PairKind, string>>>> = {
  i386: tso,
  pso: {
    'store-load': tso['store-load'],
    'store-load-same': forwarding,
    'store-store':
      'each location has a store buffer of its own, so stores to different locations reach memory in any order (no STBAR between)',
  },
  alpha: {
    ...alphaPermissions,
    'load-store':
      'no row of table 5-1 of the Alpha handbook orders a load and a later store to another location, and dependence alone puts nothing in order (5.6.1.7)',
  },
  'alpha-linux': {
    ...alphaPermissions,
    'load-store': 'a store that does not depend on an earlier load may take effect before it (no MB between)',
  },
  lkmm: {
    'load-load':
      'the kernel counts on the order of two loads only across smp_rmb(), smp_mb() or an acquire, or when the first gives the address of the second',
    'store-store':
      'the kernel counts on the order of two stores only across smp_wmb(), smp_mb() or a release',
    'store-load': 'the kernel counts on the order of a store and a later load only across smp_mb()',
    'load-store':
      'the kernel counts on the order of a load and a later store only across smp_mb(), an acquire or a release, or when the store depends on the load',
  },
};

/** Why a model that ships lets the second access go first; undefined for other models. */
export function permissionOf(model: string, kind: PairKind): string | undefined {
  return permissions[model]?.[kind];
}
