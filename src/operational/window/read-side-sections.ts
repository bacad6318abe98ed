import {
  type Code,
  type Instruction,
  inSection,
  irqsDisabled,
  type Regions,
  successors,
} from '../../program/index.js';
import type { CpuState } from './window-state.js';

/** What a code can come to from an instruction on. */
export interface Prospect {
  /** A section begins. */
  readonly sections: boolean;
  /** A grace period. */
  readonly gracePeriods: boolean;
}

/** By instruction, and for the end. A function that is called is taken to come to what any function can. */
export function prospectsOf(code: Code, functions: readonly Code[]): readonly Prospect[] {
  const end = code.instructions.length;
  const has = (found: (instruction: Instruction) => boolean): readonly boolean[] => {
    const inFunctions = functions.some(({ instructions }) => instructions.some(found));
    const table = Array.from({ length: end + 1 }, () => false);
    for (let changed = true; changed; ) {
      changed = false;
      for (let pc = end - 1; pc >= 0; pc--) {
        const instruction = code.instructions[pc];
        const own = instruction.kind === 'call' ? inFunctions : found(instruction);
        const is = own || successors(code, pc).some((next) => table[next]);
        changed ||= is !== table[pc];
        table[pc] = is;
      }
    }
    return table;
  };
  const sections = has((i) => i.kind === 'region' && i.change !== 'grace-period');
  const gracePeriods = has((i) => i.kind === 'region' && i.change === 'grace-period');
  return sections.map((is, pc) => ({ sections: is, gracePeriods: gracePeriods[pc] }));
}

/** Whether the CPU's own thread, or a handler that it is in, is in a section. */
function isIn({ contexts, active }: CpuState): boolean {
  return inSection(contexts[0].regions) || active.some((place) => inSection(contexts[place].regions));
}

/**
 * The state when the thread or handler at a place comes to stand elsewhere.
 * @param isAwaited whether grace periods can wait for its sections
 */
export function crossed(state: CpuState, place: number, regions: Regions, isAwaited: boolean): CpuState {
  const context = { ...state.contexts[place], regions };
  const next = { ...state, contexts: state.contexts.with(place, context) };
  const at = state.window.length;
  if (!isAwaited || isIn(state) === isIn(next)) return next;
  if (isIn(next))
    return { ...next, sections: [...state.sections, { from: at, started: false, awaitedBy: 0 }] };
  const last = state.sections[state.sections.length - 1];
  return { ...next, sections: state.sections.with(-1, { ...last, to: at }) };
}

/** Whether the access at a place in the window, or one behind it, would be the first behind a section's start to perform. */
export function starts({ sections }: CpuState, at: number): boolean {
  return sections.some(({ started, from }) => !started && from <= at);
}

/** The state when an access at a place performs. */
export function withStarted(state: CpuState, at: number): CpuState {
  if (!starts(state, at)) return state;
  const sections = state.sections.map((section) =>
    section.from <= at ? { ...section, from: 0, started: true } : section,
  );
  return { ...state, sections };
}

/** The state when the grace period of another CPU begins to wait: once the last section that has started is over, so are those before it. */
export function awaited(state: CpuState, mask: number): CpuState {
  const at = state.sections.findLastIndex(({ started }) => started);
  if (at < 0) return state;
  const section = state.sections[at];
  return {
    ...state,
    sections: state.sections.with(at, { ...section, awaitedBy: section.awaitedBy | mask }),
  };
}

/** Without the sections that are over, and those that a grace period need not wait for as it waits for a later one. */
export function withoutOver(state: CpuState): CpuState {
  const { sections } = state;
  const kept = sections.filter(
    ({ to, awaitedBy }, at) => to !== 0 && (awaitedBy !== 0 || !sections[at + 1]?.started),
  );
  return kept.length < sections.length ? { ...state, sections: kept } : state;
}

/** Whether interrupts are disabled on the CPU. */
export function irqsAreOff({ contexts }: CpuState): boolean {
  return irqsDisabled(contexts[0].regions);
}

/**
 * @param isAwaited whether grace periods can wait for the CPU's sections
 * @param fail throws an Error that says what is wrong
 */
export function checkSections(state: CpuState, isAwaited: boolean, fail: (what: string) => never): void {
  const { sections, window } = state;
  sections.forEach(({ from, to }, at) => {
    if (from > window.length || (to ?? 0) > window.length) fail('a section has a bound behind all accesses');
    if (to === 0) fail('a section is over and kept');
    if (to === undefined && at < sections.length - 1) fail('a section has not ended and another has begun');
  });
  if (sections.some(({ to }) => to === undefined) !== (isAwaited && isIn(state)))
    fail('a section is missing, or one too many');
}
