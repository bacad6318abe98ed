import type { Command } from 'commander';
import type { CheckOptions } from '../check/index.js';
import { SourceError } from '../diagnostics.js';
import { namesOutcome, type SafetyTarget } from '../explain/index.js';
import { type Era, type TargetName, targets as targetNames } from '../kernel/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { managesMemory } from '../program/index.js';
import { EXIT, UsageError } from './exit.js';
import { readTest } from './files.js';
import { kernelOption } from './kernel-option.js';
import { addLimitOptions, type LimitOptions, limitsOf } from './limit-options.js';
import { models, targetsOrAll } from './lists.js';
import { ModelFiles } from './model-files.js';
import { natural } from './numbers.js';
import { plansFor } from './plans.js';

// What the commands have in common that ask what a program needs to be safe.

export interface SafetyOptions extends LimitOptions {
  readonly model?: readonly string[];
  readonly target?: 'all' | readonly TargetName[];
  readonly kernel: Era;
  readonly unroll?: number;
}

export function addSafetyOptions(command: Command): Command {
  command
    .option('--model <names>', 'models that ship or paths of cat files, comma-separated', models)
    .option(
      '--target <names>',
      `machines, comma-separated: ${targetNames.join(', ')}; or all of them (default: those that the test has an expectation for)`,
      targetsOrAll,
    )
    .addOption(kernelOption())
    .option(
      '--unroll <n>',
      'how often a loop that depends on what is read may start again (default: 2)',
      natural,
    );
  return addLimitOptions(command, 'a single run');
}

/** Reads a test and does something with it; an error in the file is told. */
export function withTest(
  file: string,
  options: SafetyOptions,
  run: (test: LitmusTest, targets: readonly SafetyTarget[], given: CheckOptions) => void,
): void {
  const given: CheckOptions = {
    ...(options.unroll === undefined ? {} : { unroll: options.unroll }),
    ...limitsOf(options),
  };
  try {
    const test = readTest(file, given);
    const targets = targetsFor(test, options);
    if (!asksForAnything(test, targets))
      throw new UsageError(
        `${file}: there is nothing to keep from happening: the condition names no outcome, and no memory is freed or allocated`,
      );
    run(test, targets, given);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(error.message);
    process.exitCode = EXIT.badInput;
  }
}

/** Whether something in a test can be bad: an outcome, errors with memory, or flags of a model. */
function asksForAnything(test: LitmusTest, targets: readonly SafetyTarget[]): boolean {
  const hasFlags = targets.some(({ model }) => model.checks.some(({ flag }) => flag));
  return namesOutcome(test) || managesMemory(test.program) || hasFlags;
}

function targetsFor(test: LitmusTest, { model, target, kernel }: SafetyOptions): SafetyTarget[] {
  const plans = plansFor(test, {
    ...(model ? { models: model } : {}),
    ...(target ? { targets: target } : {}),
    era: kernel,
    files: new ModelFiles(),
  });
  return plans.map(({ name, model: found, target: machine }) => {
    if (!found) throw new UsageError(`${test.source.name}: ${name} is a machine without a model of its name`);
    return { name, model: found, ...(machine ? { target: machine } : {}) };
  });
}
