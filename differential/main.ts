/** npm run differential: has herd7 and fenceline answer the same random tests. */
import { Option } from 'commander';
import { campaignCommand, seconds, wholeNumber } from '../bench/command.js';
import { campaign, type Settings } from './campaign.js';
import { progressText, summaryText } from './report.js';

const program = campaignCommand(
  'differential',
  `Has herd7 and fenceline answer the same random tests, and compares states, numbers of executions, flags and observations. A test
for which they differ is made as small as can be, and left in a folder with both answers; the exit status is then 1.`,
)
  .requiredOption('--herd7 <path>', 'the program')
  .addOption(
    new Option('--dialect <name>', 'what the tests are written in')
      .choices(['C', 'X86', 'X86_64'])
      .default('C'),
  )
  .option(
    '--lkmm <folder>',
    "for C: a folder with linux-kernel.cat, .bell and .def, as a kernel's tools/memory-model",
  )
  .option('--model <file>', 'a cat file for both')
  .option('--count <n>', 'how many tests', wholeNumber, 1000)
  .option('--seed <n>', 'which tests', wholeNumber, 1)
  .option('--timeout <seconds>', 'for one test, on either side', seconds, 10)
  .option('--output <folder>', 'where tests are left', 'build/differential')
  .parse();
const chosen = program.opts<Settings>();
if (chosen.dialect === 'C' && chosen.lkmm === undefined)
  program.error('error: --lkmm is to name a folder with linux-kernel.cat, .bell and .def');

function stop(message: string): never {
  console.error(`differential: ${message}`);
  process.exit(2);
}

const start = performance.now();
try {
  const tally = await campaign(chosen, (sofar) => console.error(progressText(sofar)));
  const seconds = (performance.now() - start) / 1000;
  for (const line of summaryText(tally, chosen.dialect, seconds)) console.log(line);
  if (tally.differ.length + tally.unread.length > 0) process.exitCode = 1;
} catch (error) {
  stop(error instanceof Error ? error.message : String(error));
}
