import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Model } from '../../cat/index.js';
import { type CheckResult, check } from '../../check/index.js';
import { SourceError, type Warning } from '../../diagnostics.js';
import type { KernelTarget } from '../../kernel/index.js';
import { type LitmusTest, type Macros, parseLitmus } from '../../litmus/index.js';
import { herdReport, limitWarnings } from '../../report/index.js';
import { EXIT, UsageError } from '../exit.js';
import { readSource } from '../files.js';
import { ModelFiles } from '../model-files.js';
import { emptyOptions, type Herd7Options, readArguments } from './options.js';

/** Models that tests get where no option names one. */
const DEFAULT_MODELS = { C: 'lkmm', X86: 'x86tso', Alpha: 'alpha-linux' } as const;

/**
 * Runs as herd7 does: its options, its output, its exit status (0 also when a test has an error: that is a warning).
 */
export function runHerd7(args: readonly string[]): void {
  try {
    const options = emptyOptions();
    const files = readArguments(args, options);
    if (!options.quiet) {
      for (const option of options.unserved)
        console.error(`Warning: option ${option}: no pictures and no other executions are made`);
    }
    const session = new Herd7Session(options);
    const tests = files.length > 0 ? files.flatMap(expanded) : listed(readFileSync(0, 'utf8'), '.');
    for (const file of tests) session.run(file);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SourceError)) throw error;
    console.error(`herd7: ${error.message}`);
    process.exitCode = EXIT.badInput;
  }
}

/**
 * A file whose name begins with `@` stands for the files that it names, a line each, from its own folder on; without any file, the
 * standard input names them.
 */
function expanded(file: string): string[] {
  if (!basename(file).startsWith('@')) return [file];
  return listed(readSource(file).text, dirname(file));
}

function listed(text: string, folder: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => (isAbsolute(line) ? line : join(folder, line)))
    .flatMap(expanded);
}

class Herd7Session {
  private readonly files: ModelFiles;
  private readonly macros: Macros | undefined;

  constructor(private readonly options: Herd7Options) {
    this.files = new ModelFiles(options);
    // A model with an error is no one test's fault: it ends the run before the first.
    this.macros = this.files.macros;
    if (options.model !== undefined) this.files.file(options.model);
  }

  run(file: string): void {
    try {
      const test = parseLitmus(readSource(file), { macros: this.macros });
      for (const told of test.warnings) console.error(warning(told));
      const model = this.modelFor(test);
      const start = performance.now();
      const { timeout, unroll } = this.options;
      const result = check(test, model, {
        question: 'count',
        ...(test.program.dialect === 'C' ? { target: this.target() } : {}),
        ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
        ...(unroll === undefined ? {} : { unroll }),
      });
      this.print(test, result, (performance.now() - start) / 1000);
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof UsageError)) throw error;
      console.error(error instanceof SourceError ? userError(error) : `Warning: ${error.message}`);
    }
  }

  /** herd7 has no answer for a test whose time is up. */
  private print(test: LitmusTest, result: CheckResult, seconds: number): void {
    if (result.incomplete.some(({ kind }) => kind === 'timeout')) {
      console.error(`Warning: File "${test.source.name}": Timeout`);
      return;
    }
    process.stderr.write(limitWarnings(test, result));
    process.stdout.write(herdReport(test, result, seconds));
  }

  private target(): KernelTarget {
    return { architecture: 'lkmm', era: '6.x', variant: this.files.variant };
  }

  private modelFor(test: LitmusTest): Model {
    return this.files.file(this.options.model ?? `${DEFAULT_MODELS[test.program.dialect]}.cat`);
  }
}

/** `Warning: File "f", line 4, characters 7-8: what is wrong (User error)` */
function userError({ reason, span }: SourceError): string {
  // The kernel's scripts look for these words.
  const unknown = /^there is no function or macro `([^`]*)`/.exec(reason);
  if (unknown) return `Warning: File "${span.source.name}": Unknown macro ${unknown[1]} (User error)`;
  return `${warning({ reason, span })} (User error)`;
}

function warning({ reason, span }: Warning): string {
  const { line, column } = span.source.position(span.start);
  const end = column - 1 + Math.max(1, span.end - span.start);
  return `Warning: File "${span.source.name}", line ${line}, characters ${column - 1}-${end}: ${reason}`;
}
