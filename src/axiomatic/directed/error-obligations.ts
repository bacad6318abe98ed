import type { Suspect } from '../candidate/candidate-errors.js';
import type { Ground } from './search-view.js';

/** Puts down, before any decision, that an execution is in an error. False when it cannot be. */
export function requireError(suspect: Suspect, search: Ground): boolean {
  if (suspect.kind === 'fault') return true;
  const { kind, event, write } = suspect;
  const { variables, solver, paths } = search;
  if (kind === 'reads') {
    const variable = variables.sourceOf(event, write);
    if (variable >= 0) return solver.imply2(2 * variable, -1, -1);
    return refuted(search, [event, write]);
  }
  const { cell } = search.graph.events[write];
  paths.writers(cell);
  if (event < variables.initial) return refuted(search, [event]);
  if (write >= variables.initial && !solver.imply2(variables.order(write, event), -1, -1)) return false;
  return others(search, event, write).every((other) => {
    const after = variables.order(event, other);
    return write < variables.initial
      ? solver.imply2(after, -1, -1)
      : solver.oneOf(variables.order(other, write), after);
  });
}

/** Puts down, before any decision, that an execution is not in an error. What rests on the order of writes is left to `explainError`. */
export function forbidError(suspect: Suspect, search: Ground): boolean {
  if (suspect.kind === 'fault') return refuted(search, [suspect.event]);
  const { kind, event, write } = suspect;
  const variable = kind === 'reads' ? search.variables.sourceOf(event, write) : -1;
  return variable < 0 || search.solver.imply2(2 * variable + 1, -1, -1);
}

/** Why an execution, of which all is decided, is in an error by the order of writes. */
export function explainError(suspect: Suspect, search: Ground, into: number[]): void {
  if (suspect.kind === 'fault') return;
  const { event, write } = suspect;
  const { variables, solver, paths } = search;
  const { cell } = search.graph.events[write];
  paths.writers(cell);
  search.event(event);
  search.event(write);
  if (write >= variables.initial) into.push(variables.order(write, event));
  for (const other of others(search, event, write)) {
    const after = variables.order(event, other);
    into.push(solver.truth[after] > 0 ? after : variables.order(other, write));
  }
}

function refuted(search: Ground, events: readonly number[]): false {
  search.solver.conflict.length = 0;
  for (const event of events) search.event(event);
  return false;
}

/** The writes to the same location but for these two and the initial one. */
function others({ variables, graph }: Ground, event: number, write: number): number[] {
  const { cell } = graph.events[write];
  return graph.events.flatMap((other, id) =>
    other.kind === 'write' && other.cell === cell && id >= variables.initial && id !== event && id !== write
      ? [id]
      : [],
  );
}
