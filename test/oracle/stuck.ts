import type { Program } from '../../src/program/index.js';
import type { Awaited, Run, RunEvent } from './run.js';
import type { Action } from './weave.js';

/** Tags of the events by which a thread takes something that others may wait for, and gives it back. */
const takes = ['LKW', 'srcu-lock', 'srcu-begin', 'rcu-lock'];
const gives = ['UL', 'srcu-unlock', 'srcu-end', 'rcu-unlock'];

/**
 * A CPU at its end: what it has taken and not given back, and what it waits for if it has done nothing wrong
 * before.
 */
interface Cpu {
  readonly has: ReadonlySet<Awaited>;
  readonly waitsFor: readonly { readonly what: Awaited; readonly isMisled: boolean }[];
}

/**
 * Whether some CPU waits for what it has itself, or for what another has that waits for what it has, or for
 * another still.
 */
export function isStuck(cpus: readonly (readonly Action[])[], threads: readonly Run[]): boolean {
  const all = cpus.map((actions, cpu) => cpuOf(actions, threads[cpu]));
  const leadsTo = (from: Awaited, goal: Cpu, seen: readonly Cpu[]): boolean =>
    all.some(
      (cpu) =>
        cpu.has.has(from) &&
        (cpu === goal ||
          (!seen.includes(cpu) && cpu.waitsFor.some(({ what }) => leadsTo(what, goal, [...seen, cpu])))),
    );
  return all.some((cpu) => cpu.waitsFor.some(({ what, isMisled }) => !isMisled && leadsTo(what, cpu, [])));
}

/** Whether a run waits with something in its hands, or perhaps in those of others on its CPU. */
export function mayBeStuck({ threads }: Program, run: Run): boolean {
  if (run.waitsFor === undefined) return false;
  const sharesCpu = threads.some(
    ({ id, interrupt }) => interrupt && [id, interrupt.on].includes(run.thread as never),
  );
  return sharesCpu || ownEvents(run).some((event) => tagIn(event, takes));
}

function ownEvents({ events, done }: Run): readonly RunEvent[] {
  return events.slice(0, done);
}

function cpuOf(actions: readonly Action[], thread: Run): Cpu {
  const counts = new Map<Awaited, number>();
  for (const { run, index } of actions) {
    if (typeof index !== 'number' || index >= run.done) continue;
    const event = run.events[index];
    const what = event.tags.some((tag) => tag.startsWith('rcu-')) ? 'sections' : event.cell;
    const change = tagIn(event, takes) ? 1 : tagIn(event, gives) ? -1 : 0;
    counts.set(what, Math.max(0, (counts.get(what) ?? 0) + change));
  }
  const runs = [...new Set([thread, ...actions.map(({ run }) => run)])];
  const came = (run: Run): boolean =>
    run.done === 0 || actions.some((one) => one.run === run && one.index === run.done - 1);
  return {
    has: new Set([...counts].flatMap(([what, count]) => (count > 0 ? [what] : []))),
    waitsFor: runs.flatMap((run) =>
      run.waitsFor !== undefined && came(run) ? [{ what: run.waitsFor, isMisled: run.misled }] : [],
    ),
  };
}

function tagIn({ tags }: RunEvent, names: readonly string[]): boolean {
  return tags.some((tag) => names.includes(tag));
}
