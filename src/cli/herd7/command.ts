import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { loadModel, type Model, shippedModelFile } from '../../cat/index.js';
import { type CheckResult, check } from '../../check/index.js';
import { Source, SourceError } from '../../diagnostics.js';
import type { KernelTarget } from '../../kernel/index.js';
import { type LitmusTest, Macros, parseLitmus } from '../../litmus/index.js';
import { herdReport } from '../../report/index.js';
import { EXIT, UsageError } from '../exit.js';
import { readSource } from '../files.js';
import { emptyOptions, type Herd7Options, readArguments, readConfiguration } from './options.js';

/** Models that tests get where no option names one. */
const DEFAULT_MODELS = { C: 'lkmm', X86: 'i386', Alpha: 'alpha-linux' } as const;

/** What herd7 calls its models for these dialects, and ours of the same meaning: taken where no file of that name is found. */
const ALIASES: Readonly<Record<string, string>> = {
  'x86tso.cat': 'i386.cat',
  'linux-kernel.cat': 'lkmm.cat',
};

/**
 * Runs as herd7 does: its options, its output, its exit status (0 also when a test has an error: that is a warning).
 */
export function runHerd7(args: readonly string[]): void {
  try {
    const options = emptyOptions();
    const files = readArguments(args, options, (file) => {
      const source = readSource(find(file, options) ?? file);
      readConfiguration(file, source.text, options);
    });
    if (!options.quiet) {
      for (const option of options.unserved)
        console.error(`Warning: option ${option}: no pictures and no other executions are made`);
    }
    const session = new Herd7Session(options);
    for (const file of files.flatMap(expanded)) session.run(file);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SourceError)) throw error;
    console.error(`herd7: ${error.message}`);
    process.exitCode = EXIT.badInput;
  }
}

/** `@list` stands for the files that a file names, a line each, from its own folder on. */
function expanded(file: string): string[] {
  if (!file.startsWith('@')) return [file];
  const list = file.slice(1);
  return readSource(list)
    .text.split(/\r?\n/)
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter(Boolean)
    .map((line) => (isAbsolute(line) ? line : join(dirname(list), line)))
    .flatMap(expanded);
}

/** Where a file of models or macros is: as named, or in one of the folders of -I. */
function find(file: string, { folders }: Herd7Options): string | undefined {
  return [...folders.map((folder) => join(folder, file)), file].find((path) => existsSync(path));
}

class Herd7Session {
  private readonly macros: Macros | undefined;
  private readonly models = new Map<string, Model>();

  constructor(private readonly options: Herd7Options) {
    this.macros = options.macros === undefined ? undefined : Macros.parse(this.text(options.macros));
    // A model with an error is no one test's fault: it ends the run before the first.
    if (options.model !== undefined) this.modelNamed(options.model);
  }

  run(file: string): void {
    try {
      const test = parseLitmus(readSource(file), { macros: this.macros });
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
      console.error(error instanceof SourceError ? warning(error) : `Warning: ${error.message}`);
    }
  }

  /** herd7 has no answer for a test whose time is up. */
  private print(test: LitmusTest, result: CheckResult, seconds: number): void {
    if (result.incomplete.some(({ kind }) => kind === 'timeout')) {
      console.error(`Warning: File "${test.source.name}": Timeout`);
      return;
    }
    process.stdout.write(herdReport(test, result, seconds));
  }

  /** A model of the user's own, as the kernel's, makes reads and writes of lock events by itself; ours has locations for them. */
  private target(): KernelTarget {
    return { architecture: 'lkmm', era: '6.x', locks: this.options.model === undefined ? 'cells' : 'events' };
  }

  private modelFor(test: LitmusTest): Model {
    return this.modelNamed(this.options.model ?? `${DEFAULT_MODELS[test.program.dialect]}.cat`);
  }

  private modelNamed(name: string): Model {
    let model = this.models.get(name);
    if (!model) {
      const source = this.text(name);
      const { bell, variants } = this.options;
      const folder = dirname(source.name);
      const include = (file: string): string | undefined => {
        // Every herd7 installation has one of its own, for the names that herd7 starts with.
        if (file === 'stdlib.cat') return shippedModelFile(file);
        const beside = join(folder, file);
        return existsSync(beside) ? readFileSync(beside, 'utf8') : this.find(file)?.text;
      };
      const bellFile = bell === undefined ? undefined : this.text(bell);
      model = loadModel(source.name, source.text, {
        include,
        variants,
        ...(bellFile ? { bell: { name: bellFile.name, text: bellFile.text } } : {}),
      });
      this.models.set(name, model);
    }
    return model;
  }

  private text(file: string): Source {
    const found = this.find(file);
    if (!found) throw new UsageError(`Cannot find file ${file}`);
    return found;
  }

  private find(file: string): Source | undefined {
    const path = find(file, this.options);
    if (path !== undefined) return readSource(path);
    const name = ALIASES[basename(file)] ?? file;
    const text = shippedModelFile(name);
    return text === undefined ? undefined : new Source(name, text);
  }
}

/** `Warning: File "f", line 4, characters 7-8: what is wrong (User error)` */
function warning({ reason, span }: SourceError): string {
  const { line, column } = span.source.position(span.start);
  const end = column - 1 + Math.max(1, span.end - span.start);
  // The kernel's scripts look for these words.
  const unknown = /^there is no function or macro `([^`]*)`/.exec(reason);
  if (unknown) return `Warning: File "${span.source.name}": Unknown macro ${unknown[1]} (User error)`;
  return `Warning: File "${span.source.name}", line ${line}, characters ${column - 1}-${end}: ${reason} (User error)`;
}
