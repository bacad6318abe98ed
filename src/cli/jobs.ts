import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import picocolors from 'picocolors';
import { checkFile, type FileOutcome, nameOfFile, type RunOptions, type TestFile } from './run-file.js';

/**
 * Milliseconds that one thread works alone before others help: a run that is over by then is not worth
 * starting threads for.
 */
const ALONE = 300;

/** Files that a thread is given at a time, at most: enough that handing them over costs nothing. */
const BATCH = 32;

/**
 * Batches for each thread that are handed out or wait for those before them: so many outcomes are held while
 * one test takes long.
 */
const AHEAD = 8;

/** What a worker thread runs. */
export async function work(): Promise<void> {
  const { default: workerpool } = await import('workerpool');
  workerpool.worker({
    checkBatch: (files: readonly TestFile[], options: RunOptions): Checked[] =>
      files.map((file) => checked(file, options)),
  });
}

interface Checked {
  readonly file: string;
  readonly outcome: FileOutcome;
}

function checked(file: TestFile, options: RunOptions): Checked {
  return { file: nameOfFile(file), outcome: checkFile(file, options) };
}

/**
 * Checks files, several at once where that pays, and gives the outcomes in the order of the files. Few files
 * and outcomes are held, however many there are.
 * @param total how many there are, where that is known
 * @param jobs how many at once; undefined leaves it to the processors, and to whether the run is long enough
 */
export async function* checkFiles(
  files: Iterable<TestFile>,
  total: number | undefined,
  options: RunOptions,
  jobs?: number,
): AsyncGenerator<Checked> {
  const threads = jobs ?? availableParallelism();
  const alone = threads === 1 ? Number.POSITIVE_INFINITY : jobs === undefined ? ALONE : 0;
  const start = performance.now();
  const queue = new Queue(files, total);
  while (!queue.isEmpty && performance.now() - start < alone)
    yield* queue.take(1).map((file) => checked(file, options));
  if (!queue.isEmpty) yield* checkInThreads(queue, options, threads);
}

/** Files that wait, of which the next one is known. */
class Queue {
  private readonly files: Iterator<TestFile>;
  private next: IteratorResult<TestFile>;
  private left: number;

  constructor(files: Iterable<TestFile>, total = Number.POSITIVE_INFINITY) {
    this.files = files[Symbol.iterator]();
    this.next = this.files.next();
    this.left = total;
  }

  get isEmpty(): boolean {
    return this.next.done === true;
  }

  /** Not more than there are; without end where that is not known. */
  get size(): number {
    return this.left;
  }

  take(count: number): TestFile[] {
    const taken: TestFile[] = [];
    for (; taken.length < count && !this.next.done; this.next = this.files.next())
      taken.push(this.next.value);
    this.left -= taken.length;
    return taken;
  }
}

async function* checkInThreads(queue: Queue, options: RunOptions, jobs: number): AsyncGenerator<Checked> {
  const { default: workerpool } = await import('workerpool');
  const pool = workerpool.pool(workerPath(), {
    workerType: 'thread',
    maxWorkers: Math.min(jobs, queue.size),
    // A thread does not see the terminal that its output goes to.
    workerThreadOpts: {
      env: { ...process.env, ...(picocolors.isColorSupported ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
    },
  });
  try {
    const running: PromiseLike<Checked[]>[] = [];
    while (!queue.isEmpty || running.length > 0) {
      while (!queue.isEmpty && running.length < jobs * AHEAD) {
        // Less and less towards the end, so that all threads end together.
        const size = Math.min(BATCH, Math.ceil(queue.size / (jobs * 8)));
        running.push(pool.exec('checkBatch', [queue.take(size), options]));
      }
      yield* (await running.shift()) as Checked[];
    }
  } finally {
    await pool.terminate();
  }
}

/** Seen from build/fenceline.cjs, which this becomes a part of. */
function workerPath(): string {
  return fileURLToPath(new URL('../bin/worker.js', import.meta.url));
}
