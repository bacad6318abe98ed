/** npm run fuzz: breaks good files, and sees that each comes to an answer or to one error with its place. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { campaignCommand, seconds, wholeNumber } from '../bench/command.js';
import { type FileKind, fileKinds } from './originals.js';
import { campaign, type Tally } from './run.js';

interface Chosen {
  readonly kind?: FileKind[];
  readonly files: string[];
  readonly count: number;
  readonly seed: number;
  readonly timeout: number;
  readonly jobs?: number;
  readonly output: string;
}

const program = campaignCommand(
  'fuzz',
  `Breaks good files in many ways, and has each read, printed and answered: an answer, one error with its place, or a limit that is told must
come of it. Anything else is left in a folder with its reason; the exit status is then 1.`,
)
  .addOption(new Option('--kind <kinds...>', 'of files (default: each in turn)').choices(fileKinds))
  .option('--files <folders...>', 'with more files to break, besides those that ship', [])
  .option('--count <n>', 'how many broken files', wholeNumber, 10_000)
  .option('--seed <n>', 'which', wholeNumber, 1)
  .option('--timeout <seconds>', 'for one of them', seconds, 0.2)
  .option('--jobs <n>', 'threads (default: one for each processor)', wholeNumber)
  .option('--output <folder>', 'where what fails is left', 'build/fuzz-failures')
  .parse();
const { kind = [...fileKinds], files, timeout, output, ...rest } = program.opts<Chosen>();

const EVERY = 10_000;
const start = performance.now();
let told = 0;
let left = 0;

function progress({ mutants, failures }: Tally): void {
  for (; left < failures.length; left++) leave(left);
  if (mutants - told < EVERY) return;
  told = mutants;
  console.error(`${mutants} files, ${failures.length} failures`);

  function leave(at: number): void {
    const { kind, seed, index, reason, text } = failures[at];
    mkdirSync(output, { recursive: true });
    const name = join(output, `${kind}-${seed}-${index}`);
    writeFileSync(`${name}.${kind}`, text);
    writeFileSync(`${name}.reason.txt`, `${reason}\n`);
  }
}

const tally = await campaign({ kinds: kind, folders: files, timeout: timeout * 1000, ...rest }, progress);
const { answered, refused, limit } = tally.outcomes;
const taken = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `${tally.mutants} files, seed ${rest.seed}: ${answered} answered, ${refused} refused, ${limit} at a limit, ${taken} s`,
);
for (const { kind, seed, index, reason } of tally.failures)
  console.log(`failure: ${join(output, `${kind}-${seed}-${index}.${kind}`)}: ${reason.split('\n')[0]}`);
if (tally.failures.length > 0) process.exitCode = 1;
