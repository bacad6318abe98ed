import type { Contender } from '../compare/index.js';
import type { GeneratedDialect } from '../generate/index.js';
import type { Era, TargetName } from '../kernel/index.js';
import { UsageError } from './exit.js';
import type { ModelFiles } from './model-files.js';
import { ownTarget, subjectNamed } from './plans.js';

/** What says whose answers are compared, besides their names. */
export interface ContenderOptions {
  readonly era: Era;
  readonly files: ModelFiles;
  /** What C programs are mapped to for models that are of no machine. @default 'lkmm' */
  readonly target?: TargetName;
}

/**
 * What a name stands for: a model that ships, a machine, or a cat file.
 * @param isC whether the programs are C, and need a machine to be mapped to
 * @throws UsageError when it stands for nothing; SourceError when a file has an error
 */
export function contenderNamed(name: string, isC: boolean, options: ContenderOptions): Contender {
  const subject = subjectNamed(name, options.files);
  if (!isC) return subject;
  const architecture = ownTarget(name) ?? options.target ?? 'lkmm';
  const variant = architecture === 'lkmm' ? { variant: options.files.variant } : {};
  return { ...subject, target: { architecture, era: options.era, ...variant } };
}

/** The dialect of the programs that a model is about; undefined where it is about those of several. */
const ownDialects: Readonly<Record<string, GeneratedDialect>> = {
  i386: 'X86',
  pso: 'X86',
  alpha: 'Alpha',
  'alpha-linux': 'Alpha',
  'alpha-21264': 'Alpha',
  x86_64: 'X86_64',
  arm64: 'AArch64',
  riscv: 'RISCV',
  ppc: 'PPC',
  lkmm: 'C',
};

/**
 * A dialect that both of two models or machines are about: C for those of two machines.
 * @throws UsageError when the names do not tell
 */
export function dialectOf(names: readonly string[]): GeneratedDialect {
  const dialects = new Set(names.flatMap((name) => ownDialects[name] ?? []));
  const [dialect] = dialects;
  if (dialect !== undefined) return dialects.size === 1 ? dialect : 'C';
  throw new UsageError(`${names.join(' and ')} do not tell what programs they are for: say --dialect`);
}
