import type { Decisions } from '../../execution/index.js';
import {
  type CellId,
  type CellTable,
  type Code,
  type ContextKind,
  mayInterrupt,
  type Tag,
  type Thread,
  type Value,
} from '../../program/index.js';
import type { DependencySets, SetId } from './load-sets.js';
import type { Orders } from './orders.js';
import { irqsAreOff } from './read-side-sections.js';
import type { Context, CpuState, Hold } from './window-state.js';

/** What a CPU has come to in issue order, when it can issue no more by itself. */
export type Front =
  | { readonly kind: 'end' }
  /** A load, or the read of an atomic instruction. */
  | {
      readonly kind: 'load';
      readonly cell: CellId;
      /** What it locks. */
      readonly range?: readonly CellId[];
      readonly origin: number;
      /** The loads that it waits for. */
      readonly deps: SetId;
      readonly mark?: Tag;
      /** It waits until its location is free. */
      readonly blocks?: true;
    }
  /** A store-conditional that can succeed: as the write of an atomic pair if there is a `hold`. */
  | { readonly kind: 'conditional'; readonly cell: CellId; readonly hold?: Hold }
  /** A point where handlers, by their places, can be entered; at the thread's end one must be. */
  | { readonly kind: 'interrupt'; readonly handlers: readonly number[]; readonly must: boolean }
  /** A grace period, that begins, or has begun and ends. */
  | { readonly kind: 'grace-period' }
  /** What comes next depends on the value of the load in a slot. */
  | { readonly kind: 'unknown'; readonly slot: number }
  /** An MB waits for the window to be empty; a loop waits for its earlier rounds. */
  | { readonly kind: 'wait' }
  /** No execution goes this way; `waitsFor`: the thread has found that it has to wait for this. */
  | { readonly kind: 'dead'; readonly waitsFor?: CellId };

/** What the issuing of instructions must know of a program's CPU. */
export interface IssueRules {
  readonly cells: CellTable;
  readonly functions: ReadonlyMap<string, Code>;
  readonly sets: DependencySets;
  readonly orders: Orders;
  /** Whether dependence counts by whatever way it comes about, so that no execution has a circle of it. */
  readonly traces: boolean;
  /** By place: what kind of handler. */
  readonly kinds: readonly ContextKind[];
  /** By place: which thread. */
  readonly threads: readonly Thread[];
  /** Grace periods of other CPUs can wait for its sections. */
  readonly isAwaited: boolean;
  /** By place: what is decided in its code. */
  readonly decisions: readonly Decisions[];
  /** The code of each place's thread goes in circles. */
  readonly loops: boolean;
  readonly codeId: (code: Code) => number;
  /** What a location can hold. */
  readonly values: (cell: CellId) => readonly Value[];
}

/** The context that a CPU is in: a place in its contexts. */
export function placeOf({ active }: CpuState): number {
  return active.length === 0 ? 0 : active[active.length - 1];
}

export function withContext(state: CpuState, context: Partial<Context>): CpuState {
  const place = placeOf(state);
  return { ...state, contexts: state.contexts.with(place, { ...state.contexts[place], ...context }) };
}

/** Leaves a handler, or ends. */
export function ended(state: CpuState, rules: IssueRules): CpuState | Front {
  if (state.active.length > 0) {
    const { link: _, ...rest } = state;
    return { ...rest, active: state.active.slice(0, -1), declined: false };
  }
  const handlers = handlersAt(state, rules);
  if (handlers.length > 0) return { kind: 'interrupt', handlers, must: true };
  if (state.hangs) return { kind: 'dead' };
  // Where interrupts were left disabled, a handler that has not run never will.
  return rules.kinds.every((_, place) => place === 0 || ((state.ran >> place) & 1) === 1)
    ? { kind: 'end' }
    : { kind: 'dead' };
}

/** The handlers that can be entered. */
export function handlersAt(state: CpuState, { kinds }: IssueRules): number[] {
  const inside = kinds[placeOf(state)];
  const isOff = irqsAreOff(state);
  return [...kinds.keys()].filter(
    (place) => place > 0 && ((state.ran >> place) & 1) === 0 && mayInterrupt(kinds[place], inside, isOff),
  );
}

/** The state in a handler that was entered. */
export function entered(state: CpuState, place: number): CpuState {
  // Returning from an interrupt clears the lock flag (Alpha handbook, 4.2.5).
  const { link: _, ...rest } = state;
  return { ...rest, active: [...state.active, place], ran: state.ran | (1 << place), declined: false };
}
