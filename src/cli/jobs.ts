import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import picocolors from 'picocolors';
import { checkFile, type FileOutcome, type RunOptions } from './run-file.js';

/** Milliseconds that one thread works alone before others help: a run that is over by then is not worth starting threads for. */
const ALONE = 300;

/** Files that a thread is given at a time, at most: enough that handing them over costs nothing. */
const BATCH = 32;

/** Batches for each thread that are handed out or wait for those before them: so many outcomes are held while one test takes long. */
const AHEAD = 8;

/** What a worker thread runs. */
export async function work(): Promise<void> {
  const { default: workerpool } = await import('workerpool');
  workerpool.worker({
    checkBatch: (files: readonly string[], options: RunOptions): FileOutcome[] =>
      files.map((file) => checkFile(file, options)),
  });
}

/**
 * Checks files, several at once where that pays, and gives the outcomes in the order of the files. Few outcomes are held, however many
 * the files.
 * @param jobs how many at once; undefined leaves it to the processors, and to whether the run is long enough
 */
export async function* checkFiles(
  files: readonly string[],
  options: RunOptions,
  jobs?: number,
): AsyncGenerator<FileOutcome> {
  const threads = jobs ?? availableParallelism();
  const alone = threads === 1 ? Number.POSITIVE_INFINITY : jobs === undefined ? ALONE : 0;
  const start = performance.now();
  let next = 0;
  while (next < files.length && performance.now() - start < alone) yield checkFile(files[next++], options);
  if (next < files.length) yield* checkInThreads(files, next, options, threads);
}

async function* checkInThreads(
  files: readonly string[],
  first: number,
  options: RunOptions,
  jobs: number,
): AsyncGenerator<FileOutcome> {
  const { default: workerpool } = await import('workerpool');
  const pool = workerpool.pool(workerPath(), {
    workerType: 'thread',
    maxWorkers: Math.min(jobs, files.length - first),
    // A thread does not see the terminal that its output goes to.
    workerThreadOpts: {
      env: { ...process.env, ...(picocolors.isColorSupported ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
    },
  });
  try {
    const running: PromiseLike<FileOutcome[]>[] = [];
    for (let next = first; next < files.length || running.length > 0; ) {
      while (next < files.length && running.length < jobs * AHEAD) {
        // Less and less towards the end, so that all threads end together.
        const size = Math.min(BATCH, Math.ceil((files.length - next) / (jobs * 8)));
        running.push(pool.exec('checkBatch', [files.slice(next, next + size), options]));
        next += size;
      }
      yield* (await running.shift()) as FileOutcome[];
    }
  } finally {
    await pool.terminate();
  }
}

/** Seen from build/fenceline.cjs, which this becomes a part of. */
function workerPath(): string {
  return fileURLToPath(new URL('../bin/worker.js', import.meta.url));
}
