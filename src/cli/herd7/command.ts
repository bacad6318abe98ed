import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Model } from '../../cat/index.js';
import { type CheckResult, check } from '../../check/index.js';
import { type Source, SourceError, type Warning } from '../../diagnostics.js';
import type { KernelTarget } from '../../kernel/index.js';
import { type LitmusTest, type Macros, parseLitmus, parseSyntax, printLitmus } from '../../litmus/index.js';
import type { Proposition } from '../../program/index.js';
import { herdReport, limitWarnings } from '../../report/index.js';
import { version } from '../../shipped.js';
import { EXIT, UsageError } from '../exit.js';
import { readSource } from '../files.js';
import { ModelFiles } from '../model-files.js';
import { helpAsked } from './help.js';
import { readArguments } from './options.js';
import { Herd7Options } from './settings.js';
import { refusedVariant } from './variants.js';

/** Models that tests get where no option names one. */
const DEFAULT_MODELS = { C: 'lkmm', X86: 'x86tso', Alpha: 'alpha-linux' } as const;

/**
 * Runs as herd7 does: its options, its output, its exit status (0 also when a test has an error: that is a warning).
 */
export function runHerd7(args: readonly string[]): void {
  const help = helpAsked(args);
  if (help !== undefined) {
    process.stdout.write(help);
    return;
  }
  try {
    const options = new Herd7Options();
    const files = readArguments(args, options);
    if (options.shows) console.log(options.shows === 'version' ? VERSION : LIBDIR);
    else runTests(files, options);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SourceError)) throw error;
    console.error(`herd7: ${error.message}`);
    process.exitCode = EXIT.badInput;
  }
}

/** The version of herd7 whose answers these are, as herd7 writes its own. */
const VERSION = `7.58+1, Rev: fenceline-${version}`;

/** Seen from build/fenceline.cjs, which this becomes a part of. */
const LIBDIR = fileURLToPath(new URL('../models', import.meta.url));

function runTests(files: readonly string[], options: Herd7Options): void {
  for (const name of options.variants) {
    const why = refusedVariant(name);
    if (why !== undefined) throw new UsageError(`variant ${name} ${why}`);
  }
  if (!options.quiet) {
    for (const option of options.unserved)
      console.error(`Warning: option ${option}: no pictures and no other executions are made`);
  }
  const session = new Herd7Session(options);
  const tests = files.length > 0 ? files.flatMap(expanded) : listed(readFileSync(0, 'utf8'), '.');
  for (const file of tests) {
    if (session.run(file) || !options.exits) continue;
    process.exitCode = EXIT.failed;
    return;
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
  /** By the name of a test: the file that was run. */
  private readonly seen = new Map<string, Source>();

  constructor(private readonly options: Herd7Options) {
    this.files = new ModelFiles({ ...options.settings(), asHerd7: true });
    // A model with an error is no one test's fault: it ends the run before the first.
    this.macros = this.files.macros;
    if (options.model !== undefined) this.files.file(options.model);
  }

  /** Runs a test and prints what is found. False when it has an error. */
  run(file: string): boolean {
    try {
      const test = this.asAsked(parseLitmus(readSource(file), { macros: this.macros }));
      if (this.wasRun(test)) return true;
      for (const told of test.warnings) console.error(warning(told));
      const start = performance.now();
      const result = this.check(this.looksAt(test), this.files.file(this.modelOf(test)));
      this.print(test, result, (performance.now() - start) / 1000);
      return true;
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof UsageError)) throw error;
      console.error(error instanceof SourceError ? userError(error) : `Warning: ${error.message}`);
      return false;
    }
  }

  /** herd7 runs a test once, and another one of the same name not at all. */
  private wasRun({ name, source }: LitmusTest): boolean {
    const before = this.seen.get(name);
    if (!before) this.seen.set(name, source);
    else if (before.text !== source.text && withoutNotes(before) !== withoutNotes(source))
      throw new UsageError(
        `File "${source.name}": Different hashes for test ${name} (previous file ${before.name}) (User error)`,
      );
    return before !== undefined;
  }

  private asAsked(test: LitmusTest): LitmusTest {
    if (this.options.filters) return test;
    const { filter: _, ...rest } = test;
    return rest;
  }

  /** With -speedcheck, executions that do not bear on the condition are left out. */
  private looksAt(test: LitmusTest): LitmusTest {
    if (this.options.speedcheck === 'false') return test;
    const { quantifier, proposition } = test.condition;
    const asked: Proposition = quantifier === 'forall' ? { kind: 'not', operand: proposition } : proposition;
    const filter: Proposition = test.filter ? { kind: 'and', left: test.filter, right: asked } : asked;
    return { ...test, filter };
  }

  private check(test: LitmusTest, model: Model): CheckResult {
    const { timeout, unroll } = this.options;
    return check(test, model, {
      question: 'count',
      ...(test.program.dialect === 'C' ? { target: this.target() } : {}),
      ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
      ...(unroll === undefined ? {} : { unroll }),
    });
  }

  private print(test: LitmusTest, result: CheckResult, seconds: number): void {
    const { options } = this;
    // herd7 has no answer for a test whose time is up.
    if (result.incomplete.some(({ kind }) => kind === 'timeout')) {
      console.error(`Warning: File "${test.source.name}": Timeout`);
      return;
    }
    process.stderr.write(limitWarnings(test, result));
    const report = herdReport(test, result, seconds, {
      hexadecimal: options.hexadecimal,
      badFlag: options.badFlag,
      looksAt: LOOKS_AT[options.speedcheck],
      dropsCircles: true,
      ...(options.candidates ? { candidates: this.candidates(test) } : {}),
    });
    process.stdout.write(report);
  }

  private candidates(test: LitmusTest): number {
    const { positive, negative } = this.check(test, this.files.withoutChecks(this.modelOf(test)));
    return positive + negative;
  }

  private target(): KernelTarget {
    return { architecture: 'lkmm', era: '6.x', variant: this.files.variant };
  }

  private modelOf({ program }: LitmusTest): string {
    return this.options.model ?? `${DEFAULT_MODELS[program.dialect]}.cat`;
  }
}

/** What a test says, however it is written, without comments and the lines of its head. */
function withoutNotes(source: Source): string {
  return printLitmus({ ...parseSyntax(source), info: [], notes: [] });
}

const LOOKS_AT = { false: 'all', true: 'asked', fast: 'one' } as const;

/** `Warning: File "f", line 4, characters 7-8: what is wrong (User error)` */
function userError({ reason, span }: SourceError): string {
  // The kernel's scripts look for these words.
  const unknown =
    /^(?:there is no function or (?:macro|primitive) `([^`]*)`|`(\w+)` is not supported: )/.exec(reason);
  const macro = unknown?.[1] ?? unknown?.[2];
  if (macro) return `Warning: File "${span.source.name}": Unknown macro ${macro} (User error)`;
  return `${warning({ reason, span })} (User error)`;
}

function warning({ reason, span }: Warning): string {
  const { line, column } = span.source.position(span.start);
  const end = column - 1 + Math.max(1, span.end - span.start);
  return `Warning: File "${span.source.name}", line ${line}, characters ${column - 1}-${end}: ${reason}`;
}
