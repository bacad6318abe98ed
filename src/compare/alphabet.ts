import type { Annotation, Dependency, Update, Words } from '../generate/access-words.js';
import { CycleError, type GeneratedDialect, vocabularyOf } from '../generate/index.js';
import { nearMatch } from '../near-match.js';

/** What programs are made of: loads and stores, as these say, and what may stand between them. */
export interface Alphabet {
  readonly dialect: GeneratedDialect;
  /** Besides an access without a word. */
  readonly annotations: readonly Annotation[];
  readonly fences: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly updates: readonly Update[];
  readonly allowsUpdate: Words['allowsUpdate'];
  /**
   * Values that a branch asks for, of which each is another program: what stands behind the branch happens
   * with that value alone. `always` where it happens in any case.
   */
  readonly branches: 'always' | 'zero-or-not' | 'each-value';
}

/** All that tells programs of a dialect apart: of several words with one meaning, the first. */
const defaults: Readonly<Record<GeneratedDialect, readonly string[]>> = {
  X86: ['MFence', 'Exch'],
  X86_64: ['MFence', 'SFence', 'LFence', 'Exch'],
  AArch64: ['A', 'Q', 'L', 'DMB.SY', 'DMB.LD', 'DMB.ST', 'ISB', 'Addr', 'Data', 'Ctrl', 'Amo.Swp'],
  RISCV: [
    ...['Aq', 'Rl', 'Fence.rw.rw', 'Fence.tso', 'Fence.r.rw', 'Fence.rw.w', 'Fence.r.r', 'Fence.w.w'],
    ...['Addr', 'Data', 'Ctrl', 'Exch'],
  ],
  PPC: ['Sync', 'LwSync', 'Eieio', 'ISync', 'Addr', 'Data', 'Ctrl', 'LxSx'],
  Alpha: ['MB', 'WMB', 'Addr', 'Data', 'Ctrl'],
  C: ['A', 'R', 'Mb', 'Rmb', 'Wmb', 'Addr', 'Data', 'Ctrl', 'Xchg', 'Exch'],
};

const branches: Partial<Record<GeneratedDialect, Alphabet['branches']>> = {
  Alpha: 'zero-or-not',
  C: 'each-value',
};

/**
 * The words of a dialect that programs are made of.
 * @param chosen names of annotations, fences, dependencies and read-modify-writes, as `fenceline generate`
 * has them; by default, all that make a difference in the dialect
 * @throws CycleError when one of them is none
 */
export function alphabetOf(dialect: GeneratedDialect, chosen?: readonly string[]): Alphabet {
  const words = vocabularyOf(dialect).dialect;
  const names = new Set(chosen ?? defaults[dialect]);
  const known = wordNames(words);
  for (const name of names) if (!known.includes(name)) throw unknown(name, dialect, known);
  const taken = <T extends { readonly name: string }>(all: readonly T[]): readonly T[] =>
    all.filter(({ name }) => names.has(name));
  return {
    dialect,
    annotations: taken(words.annotations),
    fences: taken(words.fences).map(({ name }) => name),
    dependencies: taken(words.dependencies),
    updates: taken(words.updates),
    allowsUpdate: words.allowsUpdate,
    branches: branches[dialect] ?? 'always',
  };
}

/** A dependency with a fence is one and the fence; sections are between accesses, and no fences. */
function wordNames({ annotations, fences, dependencies, updates }: Words): string[] {
  const all = [
    ...annotations.filter(({ isFinal }) => !isFinal),
    ...fences.filter(({ isSection }) => !isSection),
    ...dependencies.filter(({ fence, selected }) => fence === undefined && !selected),
    ...updates,
  ];
  return all.map(({ name }) => name);
}

function unknown(name: string, dialect: string, known: readonly string[]): CycleError {
  const near = nearMatch(name, known);
  return new CycleError(
    `${dialect} programs have no ${name}; ${near ? `did you mean ${near}?` : `expected one of ${known.join(', ')}`}`,
  );
}
