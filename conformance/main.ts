/** npm run conformance: measures fenceline by public collections of litmus tests whose answers are known. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { campaignCommand, seconds, wholeNumber } from '../bench/command.js';
import { markdownTable, withBlocks } from '../bench/report.js';
import { tableText } from '../src/report/index.js';
import { argumentsList, details, head, isBad, row } from './report.js';
import { runSuite, type SuiteResults } from './run.js';
import { type Collection, type Suite, suites } from './suites.js';

const program = campaignCommand(
  'conformance',
  `Measures fenceline by public collections of litmus tests whose answers are known, in folders that environment variables name
(docs/conformance.md). Prints, for each suite, how many answers agree, differ, are argued for, how many tests are not read or
not decided, and the time. The exit status is 1 when an answer differs and is not argued for.`,
)
  .option('--only <names>', 'the suites whose names contain one of these, with commas')
  .option('--timeout <seconds>', 'for one test', seconds, 20)
  .option('--jobs <n>', 'threads (default: as many as there are processors)', wholeNumber)
  .option('--show <n>', 'how many lines of each kind are listed for a suite', wholeNumber, 20)
  .option('--json <file>', 'where to write what came of each test')
  .option('--record', 'put the tables of docs/conformance.md down anew')
  .parse();
const options = program.opts<{
  readonly only?: string;
  readonly timeout: number;
  readonly jobs?: number;
  readonly show: number;
  readonly json?: string;
  readonly record?: true;
}>();

if (options.record && options.only !== undefined)
  stop('--record takes the place of all that is recorded, and --only measures a part of it');

/** The folder of a collection. The shared corpus may also stand beside the checkout. */
function rootOf(collection: Collection): string | undefined {
  const named = process.env[collection];
  if (named !== undefined && !existsSync(named))
    return stop(`${collection} names ${named}, which is not there`);
  if (named !== undefined || collection !== 'FENCELINE_CORPUS') return named;
  return existsSync('../shared/corpus') ? '../shared/corpus' : undefined;
}

function stop(message: string): never {
  console.error(`conformance: ${message}`);
  process.exit(2);
}

const wanted = (options.only?.toLowerCase().split(',') ?? ['']).map((name) => name.trim());
const chosen = suites.filter(({ name }) => wanted.some((part) => name.toLowerCase().includes(part)));
if (chosen.length === 0)
  stop(`no suite is called ${options.only}: there are ${suites.map((s) => s.name).join('; ')}`);
const there = chosen.flatMap((suite) => {
  const root = rootOf(suite.collection);
  return root === undefined ? [] : [[suite, root] as const];
});
const missing = [...new Set(chosen.map((suite) => suite.collection))].filter(
  (name) => rootOf(name) === undefined,
);
if (missing.length > 0)
  console.error(`conformance: not measured, since nothing names a folder: ${missing.join(', ')}`);
if (there.length === 0) stop('there is nothing to measure');

const all: SuiteResults[] = [];
for (const [suite, root] of there) {
  const results = await measured(suite, root);
  if (!results) continue;
  all.push(results);
  console.error(row(results).join('  '));
}

async function measured(suite: Suite, root: string): Promise<SuiteResults | undefined> {
  try {
    return await runSuite(suite, root, options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`conformance: ${suite.name} is not measured: ${error.message}`);
    return undefined;
  }
}

for (const line of all.flatMap((results) => details(results, options.show))) console.log(line);
console.log('');
for (const line of tableText([head, ...all.map(row)])) console.log(line);
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, undefined, 1)}\n`);
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(`\n${memory} MB at most`);
if (options.record) record();
if (all.some(isBad)) process.exitCode = 1;

/** Puts the table into docs/conformance.md. */
function record(): void {
  const page = 'docs/conformance.md';
  const blocks = new Map([
    ['conformance', markdownTable([head, ...all.map(row)])],
    ['argued', argumentsList()],
  ]);
  writeFileSync(page, withBlocks(readFileSync(page, 'utf8'), blocks));
}
