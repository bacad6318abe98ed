import type { ProgramUnfolding } from '../execution/index.js';
import {
  type CellId,
  type ErrorName,
  errorNames,
  FREED,
  UNINITIALISED,
  valuesEqual,
} from '../program/index.js';

/** The errors with memory that the events of a program's threads allow at all. */
export function possibleErrors({ cells, cpus }: ProgramUnfolding): ErrorName[] {
  if (!cells.managesMemory) return [];
  const events = new Set(cpus.flat().flatMap(({ parts }) => parts.flatMap((part) => part.events)));
  const frees = new Map<CellId, number>();
  const accessed = new Set<CellId>();
  let [bad, unset] = [false, false];
  for (const { kind, cell, tags, value } of events) {
    bad ||= tags.includes('BadFree');
    if (cell === undefined) continue;
    unset ||= kind === 'read' && valuesEqual(cells.cells[cell].initial, UNINITIALISED);
    if (value?.kind === 'constant' && valuesEqual(value.value, FREED))
      frees.set(cell, (frees.get(cell) ?? 0) + 1);
    else accessed.add(cell);
  }
  const possible: Partial<Record<ErrorName, boolean>> = {
    'use-after-free': [...frees.keys()].some((cell) => accessed.has(cell)),
    'use-before-init': unset,
    'double-free': [...frees.values()].some((times) => times > 1),
    'bad-free': bad,
  };
  return errorNames.filter((name) => possible[name]);
}
