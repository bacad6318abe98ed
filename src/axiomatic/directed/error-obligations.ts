import type { PossibleError } from '../candidate/possible-errors.js';
import type { Conflict } from '../sat/solver.js';
import type { SearchView } from './search-view.js';

/** Puts down, before any decision, that an execution is in an error. Returns a conflict when it cannot be. */
export function requireError(error: PossibleError, view: SearchView): Conflict | undefined {
  if (error.kind === 'fault') return undefined;
  const { kind, event, write } = error;
  const { variables, solver } = view;
  if (kind === 'reads') {
    const variable = variables.sourceOf(event, write);
    return variable >= 0 ? solver.implyBy(2 * variable, -1) : restsOn(view, [event, write]);
  }
  view.conflictSet.addWriters(view.graph.events[write].cell);
  if (event < variables.initial) return restsOn(view, [event]);
  const isInitial = write < variables.initial;
  let conflict = isInitial ? undefined : solver.implyBy(variables.order(write, event), -1);
  for (const other of others(view, event, write)) {
    const after = variables.order(event, other);
    conflict ??= isInitial
      ? solver.implyBy(after, -1)
      : solver.addBinary(variables.order(other, write), after);
  }
  return conflict;
}

/**
 * Puts down, before any decision, that an execution is not in an error. What rests on the order of writes is
 * left to `explainError`.
 */
export function forbidError(error: PossibleError, view: SearchView): Conflict | undefined {
  if (error.kind === 'fault') return restsOn(view, [error.event]);
  const { kind, event, write } = error;
  const variable = kind === 'reads' ? view.variables.sourceOf(event, write) : -1;
  return variable < 0 ? undefined : view.solver.implyBy(2 * variable + 1, -1);
}

/** Why an execution, of which all is decided, is in an error by the order of writes. */
export function explainError(error: PossibleError, view: SearchView): Conflict {
  if (error.kind === 'fault') return [];
  const { event, write } = error;
  const { variables, solver } = view;
  view.conflictSet.addWriters(view.graph.events[write].cell);
  restsOn(view, [event, write]);
  const before = write >= variables.initial ? [variables.order(write, event)] : [];
  const around = others(view, event, write).map((other) => {
    const after = variables.order(event, other);
    return solver.truth[after] > 0 ? after : variables.order(other, write);
  });
  return [...before, ...around];
}

/** The conflict rests on events; on no decision besides. */
function restsOn(view: SearchView, events: readonly number[]): Conflict {
  for (const event of events) view.addEvent(event);
  return [];
}

/** The writes to the same location but for these two and the initial one. */
function others({ variables, arena }: SearchView, event: number, write: number): number[] {
  const own = arena.writes.get(arena.graph.events[write].cell) as readonly number[];
  return own.filter((id) => id >= variables.initial && id !== event && id !== write);
}
