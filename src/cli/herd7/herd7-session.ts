import type { Model } from '../../cat/index.js';
import { type CheckResult, check } from '../../check/index.js';
import { type Source, SourceError, type Warning } from '../../diagnostics.js';
import type { KernelTarget } from '../../kernel/index.js';
import { type LitmusTest, type Macros, parseLitmus, parseSyntax, printLitmus } from '../../litmus/index.js';
import type { Proposition } from '../../program/index.js';
import { herdReport, limitWarnings } from '../../report/index.js';
import { UsageError } from '../exit.js';
import { readSource } from '../files.js';
import { ModelFiles } from '../model-files.js';
import type { Herd7Options } from './herd7-settings.js';
import { checkVariants } from './herd7-variants.js';

/** Models that tests get where no option names one. */
const DEFAULT_MODELS = { C: 'lkmm', X86: 'x86tso', X86_64: 'x86tso', Alpha: 'alpha-linux' } as const;

/** What is the same for all tests of a run. */
export class Herd7Session {
  private readonly files: ModelFiles;
  private readonly macros: Macros | undefined;
  private readonly byVariants = new Map<string, ModelFiles>();
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
      const files = this.filesFor(test);
      const start = performance.now();
      const result = this.check(this.looksAt(test), files, files.file(this.modelOf(test)));
      this.print(test, result, files, (performance.now() - start) / 1000);
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

  /** The models, for a test that may ask for variants in its head. */
  private filesFor({ info, source }: LitmusTest): ModelFiles {
    const asked =
      valueIn(info, 'Variant')
        ?.toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean) ?? [];
    const variants = asked.filter((name) => !this.options.variants.includes(name));
    if (variants.length === 0) return this.files;
    checkVariants(variants, `File "${source.name}": `);
    const key = variants.join();
    const settings = this.options.settings();
    const files =
      this.byVariants.get(key) ??
      new ModelFiles({ ...settings, variants: [...settings.variants, ...variants], asHerd7: true });
    this.byVariants.set(key, files);
    return files;
  }

  private check(test: LitmusTest, { variant }: ModelFiles, model: Model): CheckResult {
    const { timeout } = this.options;
    const unroll = unrollOf(test) ?? this.options.unroll;
    const target: KernelTarget = { architecture: 'lkmm', era: '6.x', variant };
    return check(test, model, {
      question: 'count',
      ...(test.program.dialect === 'C' ? { target } : {}),
      ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
      ...(unroll === undefined ? {} : { unroll }),
    });
  }

  private print(test: LitmusTest, result: CheckResult, files: ModelFiles, seconds: number): void {
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
      ...(options.candidates ? { candidates: this.candidates(test, files) } : {}),
    });
    process.stdout.write(report);
  }

  private candidates(test: LitmusTest, files: ModelFiles): number {
    const { positive, negative } = this.check(test, files, files.withoutChecks(this.modelOf(test)));
    return positive + negative;
  }

  private modelOf({ program }: LitmusTest): string {
    return this.options.model ?? `${DEFAULT_MODELS[program.dialect]}.cat`;
  }
}

/** The value of a `Key=value` line of a test's head. */
function valueIn(info: LitmusTest['info'], name: string): string | undefined {
  return info.find(([key]) => key === name)?.[1];
}

/** How often loops may start again, where the head of a test says so. */
function unrollOf({ info, source }: LitmusTest): number | undefined {
  const value = valueIn(info, 'Unroll');
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value))
    throw new UsageError(`File "${source.name}": Unroll expects a number, found ${value}`);
  return Number(value);
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
