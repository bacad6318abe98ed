/** What is compared with what: herd7 under a model, and fenceline under one of the same meaning. */
import type { Model } from '../src/cat/index.js';
import { type CheckOptions, type CheckResult, check } from '../src/check/index.js';
import { ModelFiles, type ModelSettings } from '../src/cli/model-files.js';
import { SourceError } from '../src/diagnostics.js';
import { type LitmusTest, parseLitmus } from '../src/litmus/index.js';

export interface Sides {
  readonly dialect: 'C' | 'X86' | 'X86_64';
  /** A cat file for both, in the place of what each has for the dialect. */
  readonly model?: string | undefined;
  /** The kernel's folder tools/memory-model; for C. */
  readonly lkmm?: string | undefined;
}

const kernelFiles = { macros: 'linux-kernel.def', bell: 'linux-kernel.bell', variants: ['lkmmv2'] };

/** The arguments by which herd7 takes the model. */
export function herd7Arguments({ dialect, model, lkmm }: Sides): string[] {
  if (dialect !== 'C') return ['-model', model ?? (dialect === 'X86' ? 'x86tso.cat' : 'x86tso-mixed.cat')];
  const { macros, bell, variants } = kernelFiles;
  const folder = ['-I', lkmm ?? '.', '-macros', macros, '-bell', bell];
  return [...folder, '-variant', ...variants, '-model', model ?? 'linux-kernel.cat'];
}

/** A test with an answer under each model that it is asked about; or why it has none. */
export type OwnAnswer =
  | {
      readonly kind: 'answer';
      readonly test: LitmusTest;
      readonly results: readonly { readonly model: Model; readonly result: CheckResult }[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * In X86 an addition in memory without LOCK: herd7 orders its read and its write by nothing, hardware does.
 */
const UNLOCKED = /(?<!LOCK )ADD \[|(?<!lock )addq [^,]*,\(/;

/** fenceline, in this process. */
export class OwnSide {
  readonly options: CheckOptions;
  private readonly models: readonly Model[];

  /** @param timeout seconds for a test */
  constructor(sides: Sides, timeout: number) {
    const isC = sides.dialect === 'C';
    const target = { architecture: 'lkmm', era: '6.x' } as const;
    this.options = { question: 'count', timeout: timeout * 1000, ...(isC ? { target } : {}) };
    const files = new ModelFiles(settingsOf(sides));
    const names = isC ? ['lkmm'] : ['x86tso.cat', 'i386'];
    this.models = (sides.model ? [sides.model] : names).map((name) => files.named(name));
  }

  answer(text: string): OwnAnswer {
    try {
      const test = parseLitmus(text);
      // The model of the hardware is asked as well, but where it differs from herd7's.
      const models = UNLOCKED.test(text) ? this.models.slice(0, 1) : this.models;
      const results = models.map((model) => ({ model, result: check(test, model, this.options) }));
      return { kind: 'answer', test, results };
    } catch (error) {
      if (error instanceof SourceError) return { kind: 'refused', reason: error.message };
      throw error;
    }
  }
}

/** The model that ships needs no files of the kernel; one of the kernel's kind does. */
function settingsOf({ dialect, model, lkmm }: Sides): ModelSettings {
  if (dialect !== 'C') return { folders: [], variants: [], asHerd7: true };
  if (!model || !lkmm) return { folders: [], variants: [] };
  return { folders: [lkmm], variants: kernelFiles.variants, bell: kernelFiles.bell };
}
