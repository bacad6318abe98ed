/**
 * The Linux-kernel model on its conformance corpus, for each question: how fast, and how much of it in 4 seconds a test. Where HERD7 names
 * a herd7 program and HERD7_LKMM the kernel's folder tools/memory-model, herd7 runs the same tests, as one process, in between.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { shippedModel } from '../src/cat/index.js';
import { check, type Question } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import { parseLitmus } from '../src/litmus/index.js';
import { table } from '../src/report/index.js';

const LIMIT = 4;

/** Files of the corpus: those that herd7 finished when it was recorded, and the others. */
interface Corpus {
  readonly folder: string;
  readonly finished: readonly string[];
  readonly unfinished: readonly string[];
}

interface Measured {
  readonly seconds: number;
  /** Tests that were through within the limit. */
  readonly through: number;
  readonly decisions: number;
}

/** Lines to print. */
export function lkmmTable(folder: string): string[] {
  const corpus = readCorpus(folder);
  const { finished, unfinished } = corpus;
  const herd7 = runHerd7(corpus);
  const rows = (['verdict', 'states', 'count'] as const).map((question) => {
    // A first pass over some tests, so that what is measured is compiled.
    measure(corpus, finished.slice(0, 200), question);
    const easy = measure(corpus, finished, question);
    const hard = measure(corpus, unfinished, question);
    return [
      question,
      `${easy.through} of ${finished.length}`,
      (finished.length / easy.seconds).toFixed(0),
      herd7 ? (herd7.seconds / easy.seconds).toFixed(1) : '-',
      `${hard.through} of ${unfinished.length}`,
      hard.seconds.toFixed(1),
      `${easy.decisions}`,
    ];
  });
  const head = [
    'lkmm, question',
    `through in ${LIMIT} s`,
    'tests/s',
    'times herd7',
    `of those herd7 leaves, in ${LIMIT} s`,
    'seconds',
    'decisions',
  ];
  const lines = table([head, ...rows]);
  if (herd7)
    lines.push(`herd7: ${herd7.through} tests, ${(herd7.through / herd7.seconds).toFixed(1)} a second`);
  return lines;
}

function readCorpus(folder: string): Corpus {
  const rows = readFileSync(join(folder, 'expected.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly file: string; readonly states?: readonly string[] });
  const files = (among: typeof rows) => among.map(({ file }) => file);
  return {
    folder,
    finished: files(rows.filter(({ states }) => states)),
    unfinished: files(rows.filter(({ states }) => !states)),
  };
}

function measure({ folder }: Corpus, files: readonly string[], question: Question): Measured {
  const texts = files.map((file) => new Source(file, readFileSync(join(folder, file), 'utf8')));
  const start = performance.now();
  let through = 0;
  let decisions = 0;
  for (const text of texts) {
    const result = check(parseLitmus(text), shippedModel('lkmm'), {
      question,
      timeout: LIMIT * 1000,
      target: { architecture: 'lkmm', era: '6.x' },
    });
    if (!result.incomplete.some(({ kind }) => kind === 'timeout')) through++;
    decisions += result.counts.decisions;
  }
  return { seconds: (performance.now() - start) / 1000, through, decisions };
}

/** herd7 on what it can finish, from a list of files, as it takes them. */
function runHerd7({ folder, finished }: Corpus): Omit<Measured, 'decisions'> | undefined {
  const { HERD7, HERD7_LKMM } = process.env;
  if (HERD7 === undefined || HERD7_LKMM === undefined) return undefined;
  const scratch = mkdtempSync(join(tmpdir(), 'fenceline-bench-'));
  const list = join(scratch, '@lkmm');
  writeFileSync(list, finished.map((file) => resolve(folder, file)).join('\n'));
  const start = performance.now();
  const { stdout, error } = spawnSync(HERD7, ['-conf', 'linux-kernel.cfg', '-timeout', `${LIMIT}`, list], {
    cwd: HERD7_LKMM,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  rmSync(scratch, { recursive: true });
  if (error) throw error;
  return { seconds, through: stdout.match(/^Observation /gm)?.length ?? 0 };
}
