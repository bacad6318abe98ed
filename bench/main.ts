/**
 * npm run bench [-- FOLDER...]: tests a second over litmus corpora, parse and check in one process, states listed.
 *
 * A corpus is a folder of litmus files. The shipped tests are always measured; the conformance corpora when they stand beside the
 * checkout (FENCELINE_CORPUS names another place). `cold` is the first pass of a fresh process, `warm` the best of the later ones. Times
 * differ from machine to machine; the counts behind them do not. Then verdicts on the families of families.ts, by two ways to search.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { shippedModel } from '../src/cat/index.js';
import { check, type Question } from '../src/check/index.js';
import { Source } from '../src/diagnostics.js';
import { type Architecture, architectures } from '../src/kernel/index.js';
import { parseLitmus } from '../src/litmus/index.js';
import { table } from '../src/report/index.js';
import { familyTable } from './family-table.js';
import { lkmmTable } from './lkmm.js';
import { machineTable } from './machines.js';

const WARM_PASSES = 5;
const CORPUS = process.env.FENCELINE_CORPUS ?? '../shared/corpus';

interface Suite {
  readonly name: string;
  readonly folder: string;
  readonly model: Architecture;
  readonly question: Question;
}

interface Pass {
  readonly seconds: number;
  readonly tests: number;
  readonly decisions: number;
  readonly executions: number;
}

function onePass(suite: Suite, sources: readonly Source[]): Pass {
  const start = performance.now();
  const counts = { tests: 0, decisions: 0, executions: 0 };
  for (const source of sources) {
    const test = parseLitmus(source);
    const target =
      test.program.dialect === 'C' ? { target: { architecture: suite.model, era: '2.6' as const } } : {};
    const result = check(test, shippedModel(suite.model), { question: suite.question, ...target });
    counts.tests++;
    counts.decisions += result.counts.decisions;
    counts.executions += result.counts.executions;
  }
  return { seconds: (performance.now() - start) / 1000, ...counts };
}

function measure(suite: Suite): string[] {
  const files = globSync('**/*.litmus', { cwd: suite.folder }).sort();
  const sources = files.map((file) => new Source(file, readFileSync(join(suite.folder, file), 'utf8')));
  const cold = onePass(suite, sources);
  let warm = onePass(suite, sources);
  for (let pass = 1; pass < WARM_PASSES; pass++) {
    const next = onePass(suite, sources);
    if (next.seconds < warm.seconds) warm = next;
  }
  const rate = (pass: Pass) => (pass.tests / pass.seconds).toFixed(0);
  return [
    suite.name,
    suite.question,
    `${warm.tests}`,
    rate(cold),
    rate(warm),
    `${warm.decisions}`,
    `${warm.executions}`,
  ];
}

function suites(): Suite[] {
  const list: Suite[] = [];
  const add = (folder: string, names: readonly Architecture[], root: string): void => {
    if (!existsSync(join(root, folder))) {
      console.log(`${folder}: skipped, ${join(root, folder)} is not there`);
      return;
    }
    for (const model of names) {
      for (const question of ['verdict', 'states', 'count'] as const) {
        list.push({ name: `${folder} ${model}`, folder: join(root, folder), model, question });
      }
    }
  };
  add('nmi', architectures, 'litmus');
  add('x86', ['i386'], CORPUS);
  add('kernel-c', ['sc', 'i386', 'alpha', 'alpha-linux'], CORPUS);
  add('alpha-asm', ['alpha', 'alpha-linux'], CORPUS);
  return list;
}

const head = [
  'corpus and model',
  'question',
  'tests',
  'tests/s cold',
  'tests/s warm',
  'decisions',
  'executions',
];
const rows: string[][] = [];
for (const suite of suites()) rows.push(measure(suite));
for (const line of table([head, ...rows])) console.log(line);
for (const line of machineTable()) console.log(line);
const lkmm = join(CORPUS, 'lkmm');
if (existsSync(lkmm)) for (const line of lkmmTable(lkmm)) console.log(line);
else console.log(`lkmm: skipped, ${lkmm} is not there`);
console.log();
for (const line of table(familyTable())) console.log(line);
console.log(`peak memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
