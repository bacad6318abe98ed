/** A campaign: batches of mutants on threads, those ended that do not end by themselves. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import workerpool, { type Pool } from 'workerpool';
import type { Outcome } from './answers.js';
import type { FileKind } from './originals.js';
import type { Batch, BatchResult, Failure } from './worker.js';

export interface Settings {
  readonly kinds: readonly FileKind[];
  /** Where there are more files to break, besides those that ship. */
  readonly folders: readonly string[];
  readonly count: number;
  readonly seed: number;
  /** Milliseconds for a mutant. */
  readonly timeout: number;
  readonly jobs?: number;
}

export interface Tally {
  mutants: number;
  readonly outcomes: Record<Outcome, number>;
  readonly failures: Failure[];
}

const BATCH = 250;
/**
 * Milliseconds for a batch beyond what its mutants take by their limits: the time to start a thread and to
 * read the originals.
 */
const GRACE = 60_000;
/** Megabytes of objects that a thread may hold. */
const MEMORY = 1024;

/** Tells how far it has come after each batch. */
export async function campaign(settings: Settings, told: (tally: Tally) => void): Promise<Tally> {
  const tally: Tally = { mutants: 0, outcomes: { answered: 0, refused: 0, limit: 0 }, failures: [] };
  const jobs = settings.jobs ?? availableParallelism();
  const pool = workerpool.pool(fileURLToPath(new URL('worker.js', import.meta.url)), {
    workerType: 'thread',
    maxWorkers: jobs,
    workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: MEMORY } },
  });
  const batches = batchesOf(settings);
  const work = async (): Promise<void> => {
    for (let next = batches.next(); !next.done; next = batches.next()) {
      add(tally, next.value, await resultOf(pool, next.value));
      told(tally);
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    await pool.terminate();
  }
  return tally;
}

/** The kinds take turns. Campaigns with seeds side by side have no batch in common. */
function* batchesOf({ kinds, folders, count, seed, timeout }: Settings): Generator<Batch, void> {
  for (let at = 0; at * BATCH < count; at++) {
    yield {
      kind: kinds[at % kinds.length],
      folders,
      seed: (seed * 99_991 + at) | 0,
      count: Math.min(BATCH, count - at * BATCH),
      timeout,
    };
  }
}

function add(tally: Tally, { count }: Batch, { outcomes, failures }: BatchResult): void {
  tally.mutants += count;
  for (const [name, times] of Object.entries(outcomes)) tally.outcomes[name as Outcome] += times;
  tally.failures.push(...failures);
}

/** What comes of a batch. Where its thread had to be ended, each of its mutants is tried by itself. */
async function resultOf(pool: Pool, batch: Batch): Promise<BatchResult> {
  try {
    return await pool.exec('run', [batch]).timeout(GRACE + batch.count * batch.timeout);
  } catch (error) {
    return oneByOne(pool, batch, error);
  }
}

async function oneByOne(pool: Pool, batch: Batch, error: unknown): Promise<BatchResult> {
  const outcomes: Record<Outcome, number> = { answered: 0, refused: 0, limit: 0 };
  const failures: Failure[] = [];
  const texts: string[] = await pool.exec('mutants', [batch]);
  for (let only = 0; only < batch.count; only++) {
    try {
      const one: BatchResult = await pool.exec('run', [{ ...batch, only }]).timeout(GRACE);
      for (const [name, times] of Object.entries(one.outcomes)) outcomes[name as Outcome] += times;
      failures.push(...one.failures);
    } catch (alone) {
      const reason = `its thread ended, or had to be: ${String(alone)}`;
      failures.push({ kind: batch.kind, seed: batch.seed, index: only, reason, text: texts[only] });
    }
  }
  if (failures.length > 0) return { outcomes, failures };
  const reason = `the thread of the batch ended, and of no mutant by itself: ${String(error)}`;
  return { outcomes, failures: [{ kind: batch.kind, seed: batch.seed, index: -1, reason, text: '' }] };
}
