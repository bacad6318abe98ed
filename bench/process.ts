/** The command as a whole process: what a user waits for, and how much memory it takes. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedTests } from '../src/shipped.js';

export interface ProcessFigure {
  readonly what: string;
  readonly runs: number;
  /** Seconds. */
  readonly fastest: number;
  readonly median: number;
  /** Peak memory of the process itself, in MB; its workers are threads of it. */
  readonly memory: number;
}

const command = 'bin/fenceline.js';

/** Runs node on some arguments, and gives seconds and peak memory. */
function once(args: readonly string[], hook: string, output: string): { seconds: number; memory: number } {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...(hook ? ['--require', hook] : []), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, FENCELINE_BENCH_MEMORY: output },
  });
  const seconds = (performance.now() - start) / 1000;
  if (status === 2 || status === null) throw new Error(`${args.join(' ')}: ${stderr}`);
  return { seconds, memory: hook ? Math.round(Number(readFileSync(output, 'utf8')) / 1024) : 0 };
}

/** One small file, and a thousand and ten thousand files in one call; beside them, node that does nothing. */
export function processFigures(): ProcessFigure[] {
  const scratch = mkdtempSync(join(tmpdir(), 'fenceline-bench-'));
  try {
    const hook = join(scratch, 'memory.cjs');
    writeFileSync(
      hook,
      "process.on('exit', () => require('node:fs').writeFileSync(process.env.FENCELINE_BENCH_MEMORY, String(process.resourceUsage().maxRSS)));\n",
    );
    const nothing = join(scratch, 'nothing.cjs');
    writeFileSync(nothing, '');
    const small = ['run', 'litmus/classic/c/SB+rmbs.litmus'];
    const measure = (what: string, args: readonly string[], runs: number): ProcessFigure => {
      const output = join(scratch, 'memory');
      once(args, '', output);
      const seconds = Array.from({ length: runs }, () => once(args, '', output).seconds).sort(
        (a, b) => a - b,
      );
      const { memory } = once(args, hook, output);
      return { what, runs, fastest: seconds[0], median: seconds[runs >> 1], memory };
    };
    return [
      measure('node, an empty file', [nothing], 15),
      measure('fenceline --version', [command, '--version'], 15),
      measure('fenceline run, one file, its targets', [command, ...small], 15),
      measure('1,000 files', [command, 'run', '--model', 'i386', manyFiles(scratch, 1000)], 3),
      measure('10,000 files', [command, 'run', '--model', 'i386', manyFiles(scratch, 10_000)], 3),
    ];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** A folder of so many litmus files: the assembly tests that ship, over and over. */
function manyFiles(scratch: string, count: number): string {
  const folder = join(scratch, `files-${count}`);
  mkdirSync(folder);
  const texts = Object.entries(shippedTests)
    .filter(([path, text]) => path.endsWith('.litmus') && text.startsWith('X86'))
    .map(([, text]) => text);
  for (let index = 0; index < count; index++)
    writeFileSync(join(folder, `test-${index}.litmus`), texts[index % texts.length]);
  return folder;
}
