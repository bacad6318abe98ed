import { architectureOf, machineNames, type Subject } from '../check/index.js';
import {
  targets as allTargets,
  architectures,
  type Era,
  eraNamed,
  isSameCode,
  type KernelTarget,
  type TargetName,
} from '../kernel/index.js';
import { type Expectation, expectationFor, type LitmusTest } from '../litmus/index.js';
import type { Dialect } from '../program/index.js';
import { UsageError } from './exit.js';
import { isShipped, type ModelFiles } from './model-files.js';

/**
 * One way to check a test: a model or a machine, and for a C program the machine that its primitives are
 * mapped to. The name is the one that expectations use and reports show.
 */
export interface RunPlan extends Subject {
  readonly target?: KernelTarget;
}

export interface PlanOptions {
  readonly models?: readonly string[];
  readonly targets?: 'all' | readonly TargetName[];
  readonly era: Era;
  readonly files: ModelFiles;
}

/** Models that a test gets when neither the user nor the test names one. */
const ASSEMBLY_DEFAULTS = { X86: ['i386'], X86_64: ['i386'], Alpha: ['alpha', 'alpha-linux'] } as const;

/** What all targets are for assembly. */
const ASSEMBLY_ALL = {
  X86: ['sc', 'i386'],
  X86_64: ['sc', 'i386'],
  Alpha: ['sc', 'alpha-linux', 'alpha'],
} as const;

/** The targets that run a dialect of assembly. */
const RUNS: Readonly<Record<Exclude<Dialect, 'C'>, readonly TargetName[]>> = {
  X86: ['sc', 'i386', 'pso'],
  X86_64: ['sc', 'i386', 'pso'],
  Alpha: ['sc', 'alpha-linux', 'alpha'],
};

/** The kernel's own model says nothing of interrupt handlers: machines do. */
function defaultTargets({ program }: LitmusTest): readonly TargetName[] {
  return program.threads.some(({ interrupt }) => interrupt) ? architectures : ['lkmm'];
}

function allTargetsFor({ program }: LitmusTest): readonly TargetName[] {
  if (program.dialect !== 'C') return ASSEMBLY_ALL[program.dialect];
  return program.threads.some(({ interrupt }) => interrupt) ? architectures : allTargets;
}

/**
 * The ways in which a test is to be checked: each model and target asked for; else each that the test has an
 * expectation for; else the dialect's defaults. With macros, C programs are for the Linux-kernel model's
 * events.
 * @throws UsageError when there is no model of a name, or a C program gets a model that is not of a machine,
 * and no target, or
 *   assembly a target that does not run it
 */
export function plansFor(test: LitmusTest, options: PlanOptions): RunPlan[] {
  const { dialect } = test.program;
  const targets = options.targets === 'all' ? allTargetsFor(test) : options.targets;
  const { models, files } = options;
  if (dialect !== 'C') {
    const other = targets?.find((name) => !RUNS[dialect].includes(name));
    if (other !== undefined)
      throw new UsageError(
        `${test.source.name}: the target ${other} does not run ${dialect} code: its targets are ${RUNS[dialect].join(', ')}; --model ${other} asks that model all the same`,
      );
    const names = models ?? targets ?? expectedModels(test) ?? ASSEMBLY_DEFAULTS[dialect];
    return names.map((name) => subjectNamed(name, files));
  }
  const target = (architecture: TargetName): KernelTarget => ({
    architecture,
    era: options.era,
    ...(architecture === 'lkmm' ? { variant: files.variant } : {}),
  });
  if (models && targets) {
    return models.flatMap((model) =>
      targets.map((name) => ({
        ...subjectNamed(model, files),
        name: model === name ? model : `${model} on ${name}`,
        target: target(name),
      })),
    );
  }
  const names =
    targets ?? models ?? (files.macros ? ['lkmm'] : (expectedModels(test) ?? defaultTargets(test)));
  return names.map((name) => {
    const own = ownTarget(name);
    if (own) return { target: target(own), ...subjectNamed(name, files) };
    const subject = subjectNamed(name, files);
    if (files.macros) return { ...subject, target: target('lkmm') };
    throw new UsageError(
      `${test.source.name}: ${name} is not the model of a machine: say with --target whose code the C program's primitives are (${allTargets.join(', ')})`,
    );
  });
}

/** The model and the machine of a name: one of them at least. */
export function subjectNamed(name: string, files: ModelFiles): Subject {
  if (!machineNames.includes(name)) return { name, model: files.named(name) };
  return { name, machine: name, ...(isShipped(name) ? { model: files.named(name) } : {}) };
}

/** Models of the test's expectations that this version can check, if any. */
function expectedModels(test: LitmusTest): string[] | undefined {
  const names = [...new Set(test.expectations.map((e) => e.model.split('/')[0]))].filter(
    (name) => test.program.dialect !== 'C' || ownTarget(name) !== undefined,
  );
  return names.length > 0 ? names : undefined;
}

/** The target that a C program has under a model or on a machine when none is asked for. */
export function ownTarget(name: string): TargetName | undefined {
  if (isTarget(name)) return name;
  return machineNames.includes(name) ? architectureOf(name) : undefined;
}

export function isTarget(name: string): name is TargetName {
  return (allTargets as readonly string[]).includes(name);
}

/** What the test expects of a plan. */
export function expectationOf(
  test: LitmusTest,
  { name, target }: Pick<RunPlan, 'name' | 'target'>,
): Expectation | undefined {
  // What a test of the kernel's expects of `lkmm`, it expects of the kernel's own model.
  const model = /(^|\/)linux-kernel\.cat$/.test(name) ? 'lkmm' : name;
  const isVersion = (text: string): boolean => {
    const era = eraNamed(text);
    return era !== undefined && target !== undefined && isSameCode(era, target.era);
  };
  return expectationFor(test, model, isVersion);
}
