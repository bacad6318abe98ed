import type { Span } from '../../diagnostics.js';
import { inCircles, type Program, type Resource, type ThreadId } from '../../program/index.js';
import type { MachineFault } from './machine.js';

/** A thread that waits for what it does not get. */
export interface Waiting {
  readonly thread: ThreadId;
  readonly cpu: number;
  readonly waitsFor: Resource;
  /** Whether it is no fault of the program's, as the thread has gone wrong before. */
  readonly isMisled: boolean;
  readonly span?: Span;
}

/** Whether threads may have to wait for one another at all. */
export function hasWaits({ threads, functions }: Program): boolean {
  return [...threads.map(({ code }) => code), ...functions].some(({ instructions }) =>
    instructions.some((i) => (i.kind === 'rmw' && i.blocks) || (i.kind === 'await' && i.about)),
  );
}

/**
 * The threads that wait for ever: for what is held on their own CPU, or on others that wait likewise.
 * @param holds whether a thread or handler of a CPU holds what is waited for
 */
export function deadlocked(
  waiting: readonly Waiting[],
  holds: (cpu: number, resource: Resource) => boolean,
): MachineFault[] {
  const circular = inCircles(waiting.length, (one, other) =>
    holds(waiting[other].cpu, waiting[one].waitsFor),
  );
  return waiting.flatMap(({ thread, span, isMisled }, index) =>
    circular.has(index) && !isMisled ? [{ name: 'deadlock', thread, ...(span && { span }) }] : [],
  );
}
