import type { Model } from '../cat/index.js';
import { raise } from '../diagnostics.js';
import type { LitmusTest } from '../litmus/index.js';
import type { Instruction, Program } from '../program/index.js';

/**
 * A model that does not know grace periods would take one for nothing, and allow what it forbids.
 * @throws SourceError at a grace period of which the model says nothing
 */
export function checkKnowsGracePeriods(program: Program, model: Model, { source }: LitmusTest): void {
  if (model.tags.includes('Sync-rcu-start')) return;
  const all: Instruction[] = [...program.functions, ...program.threads.map(({ code }) => code)].flatMap(
    ({ instructions }) => [...instructions],
  );
  const found = all.find((i) => i.kind === 'region' && i.change === 'grace-period');
  if (!found) return;
  raise(
    `model ${model.name} says nothing of grace periods: it has to include "rcu.cat"`,
    found.span ?? { source, start: 0, end: 1 },
  );
}
