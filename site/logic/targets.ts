import type { Dialect } from './protocol.js';

/**
 * What a program can be checked under: a model, which for C is a target too, or a machine that is no model.
 */
export interface TargetInfo {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly dialects: readonly Dialect[];
}

/**
 * From the strongest to the weakest; then the kernel's own model, and the machine that is there to show how.
 */
const allTargets: readonly TargetInfo[] = [
  {
    name: 'sc',
    title: 'sc',
    about: 'sequential consistency: one step after the other',
    dialects: ['C', 'X86', 'X86_64', 'Alpha'],
  },
  {
    name: 'i386',
    title: 'i386',
    about: 'x86-TSO: a store buffer, first in, first out',
    dialects: ['C', 'X86', 'X86_64'],
  },
  {
    name: 'pso',
    title: 'pso',
    about: 'stores to different locations may pass each other',
    dialects: ['C', 'X86', 'X86_64'],
  },
  {
    name: 'alpha-linux',
    title: 'alpha-linux',
    about: 'the Alpha as Linux relies on it',
    dialects: ['C', 'Alpha'],
  },
  {
    name: 'alpha',
    title: 'alpha',
    about: 'the Alpha by the letter of its handbook',
    dialects: ['C', 'Alpha'],
  },
  { name: 'lkmm', title: 'lkmm', about: 'what kernel code may count on anywhere', dialects: ['C'] },
];

export function targetsFor(dialect: Dialect): readonly TargetInfo[] {
  return allTargets.filter(({ dialects }) => dialects.includes(dialect));
}

/** What is checked when nothing else is asked for: `lkmm` says nothing of interrupt handlers. */
export function usualTargets(text: string): string[] {
  const names = targetsFor(dialectOf(text)).map(({ name }) => name);
  const hasHandlers = /\b__(?:nmi|irq)\b/.test(text);
  const isX86 = dialectOf(text).startsWith('X86');
  return names.filter((name) => !(name === 'lkmm' && hasHandlers) && !(isX86 && name === 'pso'));
}

/** By the word that a text begins with. */
export function dialectOf(text: string): Dialect {
  const word = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase();
  if (word === 'x86') return 'X86';
  if (word === 'x86_64') return 'X86_64';
  return word === 'alpha' ? 'Alpha' : 'C';
}

/** Machines that can be walked through. */
export function machinesFor(dialect: Dialect): readonly string[] {
  switch (dialect) {
    case 'C':
      return ['sc', 'i386', 'pso', 'alpha-linux', 'alpha', 'alpha-21264'];
    case 'X86':
    case 'X86_64':
      return ['sc', 'pso', 'i386'];
    case 'Alpha':
      return ['sc', 'alpha-linux', 'alpha', 'alpha-21264'];
  }
}
