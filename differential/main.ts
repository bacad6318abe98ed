/**
 * npm run differential -- --herd7 PATH [--dialect C|X86] [--lkmm FOLDER] [--model FILE] [--count N] [--seed S] [--timeout SECONDS]
 *   [--output FOLDER]
 *
 * Has herd7 and fenceline answer the same random tests, and compares states, numbers of executions, flags and observations. A test for
 * which they differ is made as small as can be, and left in the folder with both answers; the exit status is then 1.
 */
import { parseArgs } from 'node:util';
import { campaign, type Settings } from './campaign.js';
import { progressText, summaryText } from './report.js';

const { values: options } = parseArgs({
  options: {
    herd7: { type: 'string' },
    dialect: { type: 'string', default: 'C' },
    lkmm: { type: 'string' },
    model: { type: 'string' },
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    timeout: { type: 'string', default: '10' },
    output: { type: 'string', default: 'build/differential' },
  },
});

function stop(message: string): never {
  console.error(`differential: ${message}`);
  process.exit(2);
}

/** A whole number, or one with a fraction where seconds are meant. */
function number(name: 'count' | 'seed' | 'timeout'): number {
  const value = Number(options[name]);
  if (value >= 0 && (name === 'timeout' || Number.isInteger(value))) return value;
  return stop(`--${name} expects a number, not ${options[name]}`);
}

function settings(): Settings {
  const { herd7, dialect, lkmm, model, output } = options;
  if (herd7 === undefined) stop('--herd7 is to name the program');
  if (dialect !== 'C' && dialect !== 'X86') stop(`--dialect is C or X86, not ${dialect}`);
  if (dialect === 'C' && lkmm === undefined)
    stop(
      "--lkmm is to name a folder with linux-kernel.cat, .bell and .def, such as a kernel's tools/memory-model",
    );
  return {
    herd7,
    dialect,
    lkmm,
    model,
    output,
    count: number('count'),
    seed: number('seed'),
    timeout: number('timeout'),
  };
}

const chosen = settings();
const start = performance.now();
try {
  const tally = await campaign(chosen, (sofar) => console.error(progressText(sofar)));
  const seconds = (performance.now() - start) / 1000;
  for (const line of summaryText(tally, chosen.dialect, seconds)) console.log(line);
  if (tally.differ.length + tally.unread.length > 0) process.exitCode = 1;
} catch (error) {
  stop(error instanceof Error ? error.message : String(error));
}
