import { type CellId, readsOf, type Symbolic, type Value } from '../../program/index.js';
import type { Front } from './front.js';
import type { DependencySets, SetId } from './load-sets.js';
import { isIn, type OrderedAccess, type Orders, type PairMask } from './orders.js';
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
  /** The front's load is issued and waits. `range`: what it reads and locks; `must`: it cannot perform yet. */
  | {
      readonly kind: 'postpone';
      readonly cell: CellId;
      readonly range: readonly CellId[];
      readonly must: boolean;
    }
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
  readonly orders: Orders;
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
  const may = mayPerform(window, { ...front, kind: 'load' }, window.length, rules);
  const found = sourceFor(window, cell, window.length, rules);
  if (may && found) moves.push({ kind: 'read', cell, ...found });
  const rounds = window.filter((entry) => entry.kind === 'load' && entry.origin === origin).length;
  if (origin < 0 || rounds < MAX_ROUNDS) moves.push({ kind: 'postpone', cell, range, must: !may || !found });
  return moves;
}

/** Whether the table of orders lets an access at a place perform before all that waits ahead of it. */
function mayPerform(
  window: readonly Pending[],
  access: OrderedAccess & { readonly cell: CellId; readonly deps: SetId },
  at: number,
  { orders, sets }: MoveRules,
): boolean {
  let kept = 0;
  for (let before = 0; before < at; before++) {
    const entry = window[before];
    if (entry.kind === 'barrier') {
      if (kept !== 0 && hasBefore(window, before, entry.pairs, access)) return false;
      continue;
    }
    kept++;
    if (entry.cell === access.cell && isIn(orders.location, entry, access)) return false;
    if (orders.byMarks(entry, access)) return false;
  }
  return !sets.waits(access.deps);
}

/** Whether something waits ahead of a barrier that this keeps an access behind. */
function hasBefore(
  window: readonly Pending[],
  barrier: number,
  pairs: PairMask,
  access: OrderedAccess,
): boolean {
  return window.some((entry, at) => at < barrier && entry.kind !== 'barrier' && isIn(pairs, entry, access));
}

function performing(state: CpuState, entry: Pending, at: number, rules: MoveRules): Move[] {
  if (entry.kind === 'load') return performingLoad(state, entry, at, rules);
  if (entry.kind === 'store') return performingStore(state, entry, at, rules);
  return [];
}

function performingLoad(
  { window }: CpuState,
  load: Pending & { kind: 'load' },
  at: number,
  rules: MoveRules,
): Move[] {
  const { cell, predicted } = load;
  const slot = slotAt(window, at);
  const found = sourceFor(window, cell, at, rules);
  if (!found || !mayPerform(window, load, at, rules)) return [];
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
  store: Pending & { kind: 'store' },
  at: number,
  rules: MoveRules,
): Move[] {
  if (!mayPerform(window, store, at, rules)) return [];
  const { cell, value, deps } = store;
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

/** The store that a load at a place is forwarded; none where it reads memory. Undefined if it has to wait for one. */
function sourceFor(
  window: readonly Pending[],
  cell: CellId,
  before: number,
  { sets }: MoveRules,
): { source?: Source } | undefined {
  const at = sourceOf(window, cell, before);
  if (at < 0) return {};
  const { value, deps, source, isKept } = window[at] as Pending & { kind: 'store' };
  return isKept || sets.waits(source) ? undefined : { source: { at, value, deps } };
}
