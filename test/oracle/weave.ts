import type { Program } from '../../src/program/index.js';
import { type Run, type RunEvent, sectionsIn } from './run.js';

/**
 * One thing that a CPU does: an event of a run, or the entry to a handler, or the return from it; or the end
 * of a section that breaks off.
 */
export interface Action {
  readonly run: Run;
  readonly index: number | 'entry' | 'return' | 'unlock';
}

/** A run under way on a CPU. */
interface Activity {
  readonly run: Run;
  readonly kind: 'thread' | 'nmi' | 'irq';
  readonly at: number;
  /** Where its load-locked stand in the CPU's actions: an interrupt after one breaks its pair. */
  readonly positions: readonly number[];
}

/**
 * All sequences of actions of one CPU, step by step: it goes on with what runs on top, or takes an interrupt
 * that is still to come where it may. While it waits, it need not take any.
 */
export function weave(program: Program, thread: Run, handlers: readonly Run[]): Action[][] {
  const found: Action[][] = [];
  const go = (actions: readonly Action[], stack: readonly Activity[], waiting: readonly Run[]): void => {
    const top = stack[stack.length - 1];
    for (const run of waiting) {
      const kind = program.threads[run.thread].interrupt?.kind as 'nmi' | 'irq';
      if (!mayEnter(top, kind) || (kind === 'irq' && isMasked(stack[0]))) continue;
      const entered: Activity = { run, kind, at: 0, positions: [] };
      const rest = waiting.filter((other) => other !== run);
      go([...actions, { run, index: 'entry' }], [...stack, entered], rest);
    }
    const { run, at, positions } = top;
    if (at < run.events.length) {
      if (isBroken(run.events[at], actions, positions)) return;
      const moved: Activity = { ...top, at: at + 1, positions: [...positions, actions.length] };
      go([...actions, { run, index: at }], [...stack.slice(0, -1), moved], waiting);
    } else if (run.partial) found.push([...actions, ...brokenOff(stack.slice(0, -1))]);
    else if (stack.length > 1) go([...actions, { run, index: 'return' }], stack.slice(0, -1), waiting);
    else if (waiting.length === 0) found.push([...actions]);
  };
  go([], [{ run: thread, kind: 'thread', at: 0, positions: [] }], handlers);
  return found;
}

/**
 * What is under a handler that waits comes no further; where it is in sections, nothing that waits for these
 * comes before.
 */
function brokenOff(stack: readonly Activity[]): Action[] {
  return stack
    .toReversed()
    .flatMap(({ run, at }) =>
      Array.from({ length: sectionsIn(run.events.slice(0, at)) }, () => ({ run, index: 'unlock' as const })),
    );
}

/**
 * Nothing interrupts an NMI handler, only an NMI an irq handler, and nothing an instruction that is half
 * done.
 */
function mayEnter({ run, kind, at }: Activity, entering: 'nmi' | 'irq'): boolean {
  if (kind === 'nmi' || (kind === 'irq' && entering === 'irq')) return false;
  const next: RunEvent | undefined = run.events[at];
  return !(next?.atomic === 'rmw' && next.kind === 'W');
}

/**
 * Whether the CPU's thread has come past a place where it disables interrupts, and past none where it enables
 * them since.
 */
function isMasked({ run, at }: Activity): boolean {
  const past = run.events.slice(0, at).flatMap(({ tags }) => tags);
  return past.lastIndexOf('irq-off') > past.lastIndexOf('irq-on');
}

/** A store-conditional that succeeds stands with its load-locked on the same side of every interrupt. */
function isBroken(event: RunEvent, actions: readonly Action[], positions: readonly number[]): boolean {
  if (event.atomic !== 'locked' || event.pair === undefined) return false;
  return actions.slice(positions[event.pair]).some(({ index }) => index === 'entry' || index === 'return');
}
