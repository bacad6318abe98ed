/** A thread that makes mutants and asks about them. */
import fc from 'fast-check';
import workerpool from 'workerpool';
import { type Outcome, outcomeOf } from './answers.js';
import { mutations, salad, wordsOf } from './mutations.js';
import { type FileKind, originalsOf } from './originals.js';

/** So many mutants, by a seed: the same ones each time. Plain data. */
export interface Batch {
  readonly kind: FileKind;
  readonly folders: readonly string[];
  readonly seed: number;
  readonly count: number;
  /** Milliseconds for a mutant. */
  readonly timeout: number;
  /** Of the batch, only this one. */
  readonly only?: number;
}

/** A mutant for which it goes otherwise than it may. */
export interface Failure {
  readonly kind: FileKind;
  readonly seed: number;
  readonly index: number;
  readonly reason: string;
  readonly text: string;
}

export interface BatchResult {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly failures: readonly Failure[];
}

const made = new Map<string, fc.Arbitrary<string>>();

/** Nine of ten are made of good files, one is made of nothing. */
function arbitraryOf(kind: FileKind, folders: readonly string[]): fc.Arbitrary<string> {
  const key = [kind, ...folders].join('\n');
  const known = made.get(key);
  if (known) return known;
  const originals = originalsOf(kind, folders);
  const words = wordsOf(originals);
  const arbitrary = fc.oneof(
    { weight: 9, arbitrary: mutations(originals, words) },
    { weight: 1, arbitrary: salad(words) },
  );
  made.set(key, arbitrary);
  return arbitrary;
}

/** The mutants of a batch. */
function mutantsOf({ kind, folders, seed, count }: Batch): readonly string[] {
  return fc.sample(arbitraryOf(kind, folders), { seed, numRuns: count });
}

function run(batch: Batch): BatchResult {
  const outcomes: Record<Outcome, number> = { answered: 0, refused: 0, limit: 0 };
  const failures: Failure[] = [];
  mutantsOf(batch).forEach((text, index) => {
    if (batch.only !== undefined && batch.only !== index) return;
    try {
      outcomes[outcomeOf(batch.kind, text, batch.timeout)]++;
    } catch (error) {
      failures.push({ kind: batch.kind, seed: batch.seed, index, reason: reasonOf(error), text });
    }
  });
  return { outcomes, failures };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

workerpool.worker({ run, mutants: mutantsOf });
