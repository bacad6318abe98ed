import type { CandidateExecution } from './candidate-execution.js';

/** Whether nothing that is fixed already rules out that a read reads from a write. */
export function mayRead(execution: CandidateExecution, read: number, write: number): boolean {
  const { graph, context, values } = execution;
  if (isOwnInstruction(execution, read, write)) return false;
  if (context.naive) return true;
  if (context.coherent) {
    const own = lastOwnWrite(execution, read);
    const { cpu } = graph.events[write];
    if (cpu < 0 && own >= 0) return false;
    if (cpu === graph.events[read].cpu && write !== own) return false;
  }
  return values.admits(read, execution.value(write));
}

/**
 * Whether a write is that of the instruction whose read it is. Such a read is in no candidate, as in herd7:
 * an instruction reads before it writes, whatever a model orders.
 */
function isOwnInstruction({ graph }: CandidateExecution, read: number, write: number): boolean {
  const { atomic, besideRead } = graph.events[write];
  return write === read + 1 && (atomic === 'rmw' || besideRead === read);
}

/** The last write to a read's location that its CPU issues before it; -1 when there is none. */
function lastOwnWrite({ graph, arena }: CandidateExecution, read: number): number {
  let last = -1;
  for (const event of arena.chains[read]) {
    if (event === read) break;
    if (graph.events[event].kind === 'write') last = event;
  }
  return last;
}

/**
 * Calls `put` with each two writes that coherence per location orders because a read reads from a write:
 * around the read in its chain, other writes and the sources of other reads come before the write or after
 * it, as they stand before the read or after it (the shapes CoWR, CoRW, CoRR). Ends when `put` returns false,
 * and returns that.
 * @param put is told the writes, and the other access
 */
export function orderAround(
  { arena, values }: CandidateExecution,
  read: number,
  write: number,
  put: (before: number, after: number, other: number) => boolean,
): boolean {
  const chain = arena.chains[read];
  const { events } = arena.graph;
  let before = true;
  for (let index = 0; index < chain.length; index++) {
    const other = chain[index];
    if (other === read) {
      before = false;
      continue;
    }
    const near = events[other].kind === 'write' ? other : values.source[other];
    if (near < 0 || near === write) continue;
    if (!(before ? put(near, write, other) : put(write, near, other))) return false;
  }
  return true;
}
