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

/** Runs node on some arguments, and gives seconds and, with a hook that writes it, peak memory. */
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

/** One small file, and a thousand and more files in one call; beside them, node that does nothing. */
export function* processFigures(): Generator<ProcessFigure> {
  const scratch = mkdtempSync(join(tmpdir(), 'fenceline-bench-'));
  try {
    const hook = join(scratch, 'memory.cjs');
    writeFileSync(
      hook,
      "process.on('exit', () => require('node:fs').writeFileSync(process.env.FENCELINE_BENCH_MEMORY, String(process.resourceUsage().maxRSS)));\n",
    );
    const nothing = join(scratch, 'nothing.cjs');
    writeFileSync(nothing, '');
    const output = join(scratch, 'memory');
    const figure = (what: string, seconds: readonly number[], memory: number): ProcessFigure => {
      const sorted = seconds.toSorted((a, b) => a - b);
      return { what, runs: sorted.length, fastest: sorted[0], median: sorted[sorted.length >> 1], memory };
    };
    const small = (what: string, ...args: string[]): ProcessFigure => {
      once(args, '', output);
      const seconds = Array.from({ length: 15 }, () => once(args, '', output).seconds);
      return figure(what, seconds, once(args, hook, output).memory);
    };
    // The hook takes a millisecond.
    const many = (count: number, runs: number): ProcessFigure => {
      const args = [command, 'run', '--model', 'i386', manyFiles(scratch, count)];
      const all = Array.from({ length: runs }, () => once(args, hook, output));
      return figure(
        `${count.toLocaleString('en')} files`,
        all.map(({ seconds }) => seconds),
        Math.max(...all.map(({ memory }) => memory)),
      );
    };
    const inC = 'litmus/classic/c/SB+rmbs.litmus';
    yield small('node, an empty file', nothing);
    yield small('fenceline --version', command, '--version');
    yield small('one X86 file, one model', command, 'run', 'litmus/classic/x86/SB.litmus', '--model', 'i386');
    yield small('one C file, one model', command, 'run', inC, '--model', 'i386');
    yield small('one C file, its five models', command, 'run', inC);
    yield many(1000, 3);
    yield many(10_000, 3);
    yield many(40_000, 1);
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
