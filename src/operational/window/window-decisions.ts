import { type Effects, writeTo } from '../../execution/index.js';
import type { CellId } from '../../program/index.js';
import { type IssueRules, placeOf } from './front.js';
import { NONE, type SetId } from './load-sets.js';
import type { Content, Control, CpuState, Frame } from './window-state.js';

/**
 * The dependence constraint of the Alpha handbook (5.6.1.7), as far as it goes beyond what loads determine by the values of registers and
 * by branches that are not over: a store depends on a load also if that decides about an access, or a barrier, that stands before
 * the store by processor issue constraint, or would on another way or at another address; and if it decided a branch that chose what is
 * stored, or where.
 */

/** The state where the ways of branches meet: registers hold what these have chosen, and what else they have decided about is before. */
export function met(state: CpuState, frames: readonly Frame[], rules: IssueRules): CpuState {
  const frame = frames[frames.length - 1];
  const over = frame.control.filter(({ join }) => join === frame.pc);
  // At a function's end its result is known as well.
  const isResult = frames.length > 1 && frame.pc === frame.code.instructions.length;
  if (over.length === 0 || isResult) return state;
  const decisions = rules.decisions[placeOf(state)];
  let next = state;
  for (const control of over) {
    const { registers, effects } = decisions.ofBranch(frame.code, control.pc);
    for (const register of registers)
      frame.registers[register] = chosen(frame.registers[register], control, rules);
    next = decided(next, control.deps, effects, rules);
  }
  frame.control = frame.control.filter(({ join }) => join !== frame.pc);
  return next;
}

/** The state, and the result, where a function is left whose branches control nothing else. */
export function returned(
  state: CpuState,
  frame: Frame,
  caller: Frame,
  result: Content,
  rules: IssueRules,
): [CpuState, Content] {
  const decisions = rules.decisions[placeOf(state)];
  let [next, content] = [state, result];
  for (const control of frame.control) {
    const decision =
      control.pc < 0 ? decisions.ofCall(caller.code, caller.pc) : decisions.ofBranch(frame.code, control.pc);
    if (decision.result) content = chosen(content, control, rules);
    next = decided(next, control.deps, decision.effects, rules);
  }
  return [next, content];
}

/** The state when loads have decided where the instruction that a frame is at makes its access. */
export function decidedAt(state: CpuState, frame: Frame, address: Content, rules: IssueRules): CpuState {
  if (address.deps === NONE) return state;
  const effects = rules.decisions[placeOf(state)].ofAddress(frame.code, frame.pc);
  return decided(state, address.deps, effects, rules);
}

/** The state when a condition has kept an atomic instruction from storing. */
export function unstored(state: CpuState, condition: Content, cell: CellId, rules: IssueRules): CpuState {
  return decided(state, condition.deps, writeTo(rules.cells.cells[cell]), rules);
}

function chosen({ value, deps, choice }: Content, control: Control, { sets, traces }: IssueRules): Content {
  if (traces) return { value, deps: sets.union(deps, control.deps) };
  const all = sets.union(choice ?? NONE, control.deps);
  return all === NONE ? { value, deps } : { value, deps, choice: all };
}

/** The state when loads have decided about accesses and barriers that stand here, or would: as if they were issued. */
function decided(
  state: CpuState,
  deps: SetId,
  { mayAccess, accesses, writes, barriers }: Effects,
  { cells, sets, traces }: IssueRules,
): CpuState {
  if (!traces || deps === NONE || (!accesses && barriers.size === 0)) return state;
  const { causes } = state;
  const joined = (set: SetId, is: boolean): SetId => (is ? sets.union(set, deps) : set);
  return {
    ...state,
    causes: {
      cells: causes.cells.map((set, cell) => joined(set, mayAccess(cells.cells[cell]))),
      accesses: joined(causes.accesses, accesses),
      writes: joined(causes.writes, writes),
      mb: joined(causes.mb, barriers.has('MB')),
      wmb: joined(causes.wmb, barriers.has('WMB')),
      addresses: causes.addresses,
    },
  };
}
