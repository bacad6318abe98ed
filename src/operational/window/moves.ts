import { type CellId, readsOf, type Symbolic, type Value } from '../../program/index.js';
import type { Front } from './front.js';
import type { DependencySets, SetId } from './load-sets.js';
import { type CpuState, type Pending, placeOfSlot, slotAt, sourceOf } from './window-state.js';

/** The CPU's own store that a load reads from. */
export interface Source {
  readonly at: number;
  readonly value: Symbolic;
  readonly deps: SetId;
}

/** What a CPU can do, as far as that is its own business: whether memory lets it is asked later. */
export type Move =
  /** The front's load is issued and performs at once; `source` undefined: it reads memory. */
  | { readonly kind: 'read'; readonly cell: CellId; readonly source?: Source }
  /** The front's load is issued and waits. `range`: what it reads and locks. */
  | { readonly kind: 'postpone'; readonly cell: CellId; readonly range: readonly CellId[] }
  /** A load in the window performs. */
  | {
      readonly kind: 'load';
      readonly at: number;
      readonly slot: number;
      readonly cell: CellId;
      readonly source?: Source;
      readonly predicted?: number;
    }
  /** A store in the window goes to memory. */
  | {
      readonly kind: 'store';
      readonly at: number;
      readonly cell: CellId;
      readonly value: Value;
      readonly deps: SetId;
    }
  /** What a load that waits returns is guessed, for the sake of what `must` happen next. */
  | {
      readonly kind: 'predict';
      readonly slot: number;
      readonly value: Value;
      readonly must: NonNullable<CpuState['must']>;
    }
  /** A store-conditional is issued. */
  | { readonly kind: 'conditional'; readonly success: boolean; readonly cell: CellId }
  /** The front's grace period begins, or ends. */
  | { readonly kind: 'grace'; readonly ends: boolean }
  /** A handler is entered. */
  | { readonly kind: 'enter'; readonly place: number }
  /** No handler is entered before the next event. */
  | { readonly kind: 'decline' };

/** What the moves of a CPU depend on besides its state. */
export interface MoveRules {
  readonly cpu: number;
  readonly sets: DependencySets;
  /** What a read of a location can return. */
  readonly values: (cell: CellId) => readonly Value[];
}

/** Whether a move makes an access take effect. */
export function performs(move: Move): move is Move & { readonly kind: 'read' | 'load' | 'store' } {
  return move.kind === 'read' || move.kind === 'load' || move.kind === 'store';
}

/** How often one instruction of a loop may wait. */
const MAX_ROUNDS = 2;

/** Choices that touch no memory and are made at once; undefined when the CPU is before none. */
export function choices(front: Front): Move[] | undefined {
  switch (front.kind) {
    case 'interrupt': {
      const enter = front.handlers.map((place): Move => ({ kind: 'enter', place }));
      return front.must ? enter : [{ kind: 'decline' }, ...enter];
    }
    case 'conditional':
      return [
        { kind: 'conditional', success: true, cell: front.cell },
        { kind: 'conditional', success: false, cell: front.cell },
      ];
    default:
      return undefined;
  }
}

/** All that a CPU can do in a state in which there are no choices to make. */
export function movesOf(state: CpuState, front: Front, rules: MoveRules): Move[] {
  const { window, must } = state;
  const moves: Move[] = [];
  window.forEach((entry, at) => {
    if (!must || (must.kind === 'entry' ? at === must.at : at >= must.at))
      moves.push(...performing(state, entry, at, rules));
  });
  if (must?.kind !== 'entry') moves.push(...frontMoves(state, front, rules));
  return moves;
}

function frontMoves({ window, waiting }: CpuState, front: Front, rules: MoveRules): Move[] {
  if (front.kind === 'grace-period') return [{ kind: 'grace', ends: waiting }];
  const after = { kind: 'after', at: window.length } as const;
  if (front.kind === 'unknown') return predictions(window, front.slot, after, rules);
  if (front.kind !== 'load') return [];
  const { cell, origin, range = [cell] } = front;
  const moves: Move[] = [];
  // Reads of one location perform in their order (table 5-1).
  if (!window.some((entry) => entry.kind === 'load' && entry.cell === cell))
    moves.push({ kind: 'read', cell, ...sourceFor(window, cell, window.length) });
  const rounds = window.filter((entry) => entry.kind === 'load' && entry.origin === origin).length;
  if (origin < 0 || rounds < MAX_ROUNDS) moves.push({ kind: 'postpone', cell, range });
  return moves;
}

function performing(state: CpuState, entry: Pending, at: number, rules: MoveRules): Move[] {
  if (entry.kind === 'load') return performingLoad(state, entry, at, rules);
  if (entry.kind === 'store') return performingStore(state, entry, at, rules);
  return [];
}

function performingLoad(
  { window }: CpuState,
  { cell, predicted }: Pending & { kind: 'load' },
  at: number,
  rules: MoveRules,
): Move[] {
  if (window.some((e, i) => i < at && e.kind === 'load' && e.cell === cell)) return [];
  const slot = slotAt(window, at);
  const found = sourceFor(window, cell, at);
  const move: Move = {
    kind: 'load',
    at,
    slot,
    cell,
    ...found,
    ...(predicted === undefined ? {} : { predicted }),
  };
  if (!found.source) return [move];
  const { value, deps } = found.source;
  if (rules.sets.has(deps, rules.cpu, slot)) return [];
  if (predicted === undefined || value.kind === 'constant') return [move];
  return predictions(window, readsOf(value)[0], { kind: 'entry', at }, rules);
}

function performingStore(
  { window }: CpuState,
  { cell, value, deps }: Pending & { kind: 'store' },
  at: number,
  rules: MoveRules,
): Move[] {
  for (let before = 0; before < at; before++) {
    const entry = window[before];
    // Behind a WMB there is a store before it; accesses to one location keep their order (table 5-1).
    if (entry.kind === 'wmb' || entry.cell === cell) return [];
  }
  if (rules.sets.waits(deps)) return [];
  if (value.kind === 'constant') return [{ kind: 'store', at, cell, value: value.value, deps }];
  return predictions(window, readsOf(value)[0], { kind: 'entry', at }, rules);
}

function predictions(
  window: readonly Pending[],
  slot: number,
  must: NonNullable<CpuState['must']>,
  { values }: MoveRules,
): Move[] {
  const entry = window[placeOfSlot(window, slot)] as Pending & { kind: 'load' };
  return values(entry.cell).map((value): Move => ({ kind: 'predict', slot, value, must }));
}

function sourceFor(window: readonly Pending[], cell: CellId, before: number): { source?: Source } {
  const at = sourceOf(window, cell, before);
  if (at < 0) return {};
  const { value, deps } = window[at] as Pending & { kind: 'store' };
  return { source: { at, value, deps } };
}
