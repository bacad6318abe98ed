import type { ProgramUnfolding } from '../../execution/index.js';
import {
  type CellId,
  type ErrorName,
  errorNames,
  FREED,
  UNINITIALISED,
  valuesEqual,
} from '../../program/index.js';

/** The errors that the events of a program's threads allow at all. */
export function possibleErrors({ cells, cpus, mayErr }: ProgramUnfolding): ErrorName[] {
  if (!mayErr) return [];
  const events = new Set(cpus.flat().flatMap(({ parts }) => parts.flatMap((part) => part.events)));
  const possible = new Set<ErrorName>();
  const frees = new Map<CellId, number>();
  const accessed = new Set<CellId>();
  for (const { kind, cell, value, fault, waitsFor } of events) {
    if (fault) possible.add(fault.name);
    if (waitsFor !== undefined) possible.add('deadlock');
    if (cell === undefined) continue;
    if (kind === 'read' && valuesEqual(cells.cells[cell].initial, UNINITIALISED))
      possible.add('use-before-init');
    if (value?.kind === 'constant' && valuesEqual(value.value, FREED))
      frees.set(cell, (frees.get(cell) ?? 0) + 1);
    else accessed.add(cell);
  }
  if ([...frees.keys()].some((cell) => accessed.has(cell))) possible.add('use-after-free');
  if ([...frees.values()].some((times) => times > 1)) possible.add('double-free');
  return errorNames.filter((name) => possible.has(name));
}
