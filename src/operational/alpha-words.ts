import { type Cell, isPointer, type Thread, type Value } from '../program/index.js';
import type { Move } from './alpha-moves.js';

/**
 * A move in words, before it is made.
 * @param threads those of the CPU, by place
 * @param inside the name of the one that it is in
 * @param found what memory holds where the move goes
 */
export function describeMove(
  move: Move,
  cells: readonly Cell[],
  threads: readonly Thread[],
  inside: string,
  found: Value | undefined,
): string {
  const name = 'cell' in move ? cells[move.cell].name : '';
  switch (move.kind) {
    case 'read':
    case 'load':
      return describeLoad(move, name, found);
    case 'postpone':
      return `issues a load of ${name} that waits`;
    case 'store':
      return `the store ${name} = ${show(move.value)} takes effect in memory`;
    case 'predict':
      return `goes on as if load ${move.slot} of those that wait returned ${show(move.value)}`;
    case 'conditional':
      return move.success
        ? `issues the conditional store to ${name}, which is to succeed`
        : `fails to store to ${name} conditionally`;
    case 'enter':
      return `handler ${threads[move.place].name} is entered`;
    case 'decline':
      return `is not interrupted in ${inside} here`;
  }
}

function describeLoad(
  move: Move & { kind: 'read' | 'load' },
  name: string,
  found: Value | undefined,
): string {
  const late = move.kind === 'load' ? ', issued earlier,' : '';
  if (!move.source) return `the load of ${name}${late} finds ${show(found)} in memory`;
  const { value } = move.source;
  const known = value.kind === 'constant' ? show(value.value) : 'what is not known yet';
  return `the load of ${name}${late} is served by the CPU's own store, not yet in memory: ${known}`;
}

function show(value: Value | undefined): string {
  if (value === undefined || !isPointer(value)) return String(value);
  return `${value.symbol}${value.offset === 0 ? '' : `+${value.offset}`}`;
}
