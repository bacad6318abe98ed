/**
 * Other tools on the same programs in the same run, where environment variables name them: HERD7 (the program
 * herd7), HERD7_LKMM (the kernel's folder tools/memory-model) and GENMC (the program genmc).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LitmusTest } from '../src/litmus/index.js';
import { genmcProgram, NotForGenmc } from './genmc-program.js';

export interface ToolFigure {
  /**
   * Of a whole process of herd7; of GenMC, what it says that the exploration took. A test that was not
   * finished counts with the limit.
   */
  readonly seconds: number;
  readonly tests: number;
  readonly through: number;
  /** Whether GenMC has found the program's assertion violated, where it has one. */
  readonly violated?: boolean;
  /** Complete executions that GenMC went through. */
  readonly executions?: number;
}

function inScratch<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'fenceline-bench-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** herd7 on a list of files, all in one process. Arguments: those that choose the model. */
export function herd7(
  folder: string,
  files: readonly string[],
  model: 'x86' | 'lkmm',
  limit: number,
): ToolFigure | undefined {
  const { HERD7, HERD7_LKMM } = process.env;
  if (HERD7 === undefined || (model === 'lkmm' && HERD7_LKMM === undefined)) return undefined;
  const choice = model === 'lkmm' ? ['-conf', 'linux-kernel.cfg'] : ['-model', 'x86tso.cat'];
  return inScratch((scratch) => {
    const list = join(scratch, '@tests');
    writeFileSync(list, files.map((file) => resolve(folder, file)).join('\n'));
    const start = performance.now();
    const { stdout, error } = spawnSync(HERD7, [...choice, '-timeout', `${limit / 1000}`, list], {
      ...(model === 'lkmm' ? { cwd: HERD7_LKMM } : {}),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (error) throw error;
    const seconds = (performance.now() - start) / 1000;
    return { seconds, tests: files.length, through: stdout.match(/^Observation /gm)?.length ?? 0 };
  });
}

/**
 * GenMC on one program: its verdict, or all its executions. Undefined where it is not there, or the program
 * is none for it.
 */
export function genmc(
  test: LitmusTest,
  model: string,
  verdict: boolean,
  limit: number,
): ToolFigure | undefined {
  const { GENMC } = process.env;
  if (GENMC === undefined || (model !== 'sc' && model !== 'i386')) return undefined;
  let program: string;
  try {
    program = genmcProgram(test, model, verdict);
  } catch (error) {
    if (error instanceof NotForGenmc) return undefined;
    throw error;
  }
  return inScratch((scratch) => {
    const file = join(scratch, 'program.c');
    writeFileSync(file, program);
    const choice = [model === 'sc' ? '--sc' : '--tso', '--disable-estimation', '--nthreads=1'];
    const { stdout, stderr, error } = spawnSync(GENMC, [...choice, file], {
      encoding: 'utf8',
      timeout: limit,
      maxBuffer: 1 << 28,
    });
    if (error && (error as NodeJS.ErrnoException).code === 'ETIMEDOUT')
      return { seconds: limit / 1000, tests: 1, through: 0 };
    if (error) throw error;
    const seconds = /wall-clock time: ([\d.]+)s/.exec(stdout)?.[1];
    if (seconds === undefined) throw new Error(`${GENMC} on ${test.name}: ${stdout}${stderr}`);
    const executions = Number(/complete executions explored: (\d+)/.exec(stdout)?.[1]);
    const violated = verdict ? { violated: /Assertion violation/.test(stdout + stderr) } : {};
    return { seconds: Number(seconds), tests: 1, through: 1, executions, ...violated };
  });
}
