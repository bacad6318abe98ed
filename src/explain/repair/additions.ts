import type { AssemblyBody, CBody, LitmusSyntax } from '../../litmus/index.js';
import type { Edit } from '../primitives/edits.js';
import type { Addition } from './addition.js';
import { assemblyAdditions } from './assembly-additions.js';
import { cAdditions } from './c-additions.js';

/**
 * What an addition costs: relative to each other, about what it costs on machines that need it. A full barrier waits for the store
 * buffer; a grace period waits for all CPUs. Of additions that cost the same, the one that says most about its purpose goes first.
 */
export const additionCosts: Readonly<Record<string, number>> = {
  rcu_dereference: 10,
  rcu_assign_pointer: 11,
  smp_load_acquire: 12,
  smp_store_release: 12,
  rcu_read_lock: 15,
  smp_rmb: 20,
  smp_wmb: 20,
  WMB: 20,
  smp_mb: 50,
  MB: 50,
  MFENCE: 50,
  synchronize_rcu: 200,
};

/** All single additions to a program, in the order of the text. */
export function additionsTo(syntax: LitmusSyntax): Addition[] {
  if (syntax.dialect === 'C') return cAdditions(syntax.body as CBody, syntax.source);
  const barriers = syntax.dialect === 'X86' ? ['MFENCE'] : ['WMB', 'MB'];
  return assemblyAdditions(syntax.body as AssemblyBody, syntax.source, barriers);
}

/** The edits of several additions. */
export function editsOf(additions: readonly Addition[]): Edit[] {
  const strongest = new Map<string, Addition>();
  for (const addition of additions) {
    if (addition.access === undefined) continue;
    const known = strongest.get(addition.access);
    if (!known || additionCosts[addition.primitive] >= additionCosts[known.primitive])
      strongest.set(addition.access, addition);
  }
  return additions
    .filter((addition) => addition.access === undefined || strongest.get(addition.access) === addition)
    .flatMap(({ edits }) => edits);
}
