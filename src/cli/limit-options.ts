import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Command } from 'commander';
import type { Limits } from '../limits.js';
import { count, positive } from './numbers.js';

/** The options of a command that say how far it may go. */
export interface LimitOptions {
  /** Seconds. */
  readonly timeout?: number;
  /** Megabytes. */
  readonly maxMemory?: number;
}

const DEFAULT_MEGABYTES = 2048;

/** @param what is given up when a limit is reached */
export function addLimitOptions(command: Command, what = 'a test'): Command {
  return command
    .option('--timeout <seconds>', `give up on ${what} after this time`, positive)
    .option(
      '--max-memory <megabytes>',
      `give up on ${what} that takes more memory (default: ${DEFAULT_MEGABYTES})`,
      count,
    );
}

export function limitsOf({ timeout, maxMemory = DEFAULT_MEGABYTES }: LimitOptions): Limits {
  const maxBytes = maxMemory * 2 ** 20;
  return {
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    maxBytes,
    memoryUsed: (more) => (bytesInUse() + more > maxBytes ? bytesInUse(true) : bytesInUse()),
  };
}

/** V8 ends the process when its heap is full: before that, memory counts as used up. */
const FULL = 0.85;

/** @param collect whether garbage is to be collected first: what nobody needs is not in use */
function bytesInUse(collect = false): number {
  if (collect) collectGarbage();
  const { used_heap_size: heap, external_memory: external, heap_size_limit: limit } = getHeapStatistics();
  if (heap <= FULL * limit) return heap + external;
  return collect ? Number.POSITIVE_INFINITY : bytesInUse(true);
}

let collector: (() => void) | undefined;

function collectGarbage(): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}
