/**
 * npm run bench
 *
 * Times differ from machine to machine, so that each is set in relation to others of the same run: the other
 * searches, the other engine, and herd7 and GenMC where HERD7, HERD7_LKMM and GENMC name them. The counts
 * beside the times are the same everywhere.
 *
 * The tests that ship are always measured; the conformance corpora when they stand beside the checkout
 * (FENCELINE_CORPUS names another place). All figures are written as JSON as they come, to build/bench.json
 * where `--json` names no other file: a run that breaks off leaves what it has. `--record` writes
 * docs/performance.json and the tables of docs/performance.md at the end; it takes the whole, since all
 * figures there are of one run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { tableText } from '../src/report/index.js';
import { campaignCommand } from './command.js';
import { type ProcessFigure, processFigures } from './process.js';
import { markdownTable, processTable, rowsTable, withBlocks } from './report.js';
import { contradictions, type Part, parts, type Row } from './rows.js';

const known = [...Object.keys(parts), 'process'];
const program = campaignCommand(
  'bench',
  'Measures times and counts, beside herd7 and GenMC where HERD7, HERD7_LKMM and GENMC name them.',
)
  .option('--only <parts>', `of ${known.join(', ')}, with commas`, partsOf)
  .option('--json <file>', 'where all figures are written', 'build/bench.json')
  .option('--record', 'write docs/performance.json and the tables of docs/performance.md anew')
  .parse();
const options = program.opts<{ readonly only?: string[]; readonly json: string; readonly record?: true }>();
if (options.record && options.only !== undefined)
  program.error('error: --record takes the place of all that is recorded, and --only measures a part of it');
const wanted = options.only ?? known;

function partsOf(text: string): string[] {
  const unknown = text.split(',').find((name) => !known.includes(name));
  if (unknown === undefined) return text.split(',');
  throw new InvalidArgumentError(`There is no part ${unknown}.`);
}

interface Results {
  readonly fenceline: string;
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    /** GiB. */
    readonly memory: number;
    readonly system: string;
    readonly node: string;
  };
  readonly rows: Partial<Record<Part, Row[]>>;
  processes?: ProcessFigure[];
}

const results: Results = {
  fenceline: (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version,
  date: new Date().toISOString().slice(0, 10),
  machine: {
    processor: cpus()[0].model.trim(),
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
  },
  rows: {},
};

const save = (): void => writeFileSync(options.json, asJson());
for (const [part, measure] of Object.entries(parts) as [Part, (typeof parts)[Part]][]) {
  if (!wanted.includes(part)) continue;
  const rows: Row[] = [];
  results.rows[part] = rows;
  for (const row of measure((what) => console.error(`${part}: ${what}`))) {
    rows.push(row);
    save();
  }
}
if (wanted.includes('process')) {
  results.processes = [];
  for (const figure of processFigures()) {
    results.processes.push(figure);
    save();
  }
}

const tables = new Map<string, string[][]>(
  Object.entries(results.rows).map(([part, rows]) => [part, rowsTable(part as Part, rows)]),
);
if (results.processes) tables.set('process', processTable(results.processes));
for (const [part, rows] of tables) {
  console.log(`\n${part}`);
  for (const line of tableText(rows)) console.log(line);
}
if (options.record) record();

const wrong = Object.values(results.rows).flatMap((rows) => rows.flatMap(contradictions));
for (const line of wrong) console.error(`bench: ${line}`);
if (wrong.length > 0) process.exitCode = 1;

function asJson(): string {
  return `${JSON.stringify(results, undefined, 1)}\n`;
}

/** Puts the tables between the marks of docs/performance.md that name them, and the figures beside it. */
function record(): void {
  const page = 'docs/performance.md';
  const { processor, cores, memory, system, node } = results.machine;
  const blocks = new Map([...tables].map(([part, rows]) => [part, markdownTable(rows)]));
  blocks.set(
    'machine',
    `${processor}, ${cores} cores, ${memory} GiB, ${system}, node ${node}; ${results.date}.`,
  );
  writeFileSync(page, withBlocks(readFileSync(page, 'utf8'), blocks));
  writeFileSync('docs/performance.json', asJson());
}
