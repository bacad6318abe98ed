import type { Model } from '../../cat/index.js';
import { type CheckOptions, type CheckResult, check } from '../../check/index.js';
import { Source } from '../../diagnostics.js';
import type { KernelTarget } from '../../kernel/index.js';
import { type LitmusTest, parseLitmus } from '../../litmus/index.js';
import { namesOutcome } from '../outcome/wanted.js';
import { type Edit, edited } from './edits.js';

/**
 * What a program is to be safe under: a model, and for a C program the machine that its primitives are mapped
 * to.
 */
export interface SafetyTarget {
  readonly name: string;
  readonly model: Model;
  readonly target?: KernelTarget;
}

/**
 * Whether the bad outcome of a program can happen: what its condition names, an error with memory, or a flag
 * that the program as given has not.
 */
export type Reach =
  | { readonly kind: 'unreachable' }
  | {
      readonly kind: 'reachable';
      readonly test: LitmusTest;
      readonly result: CheckResult;
      /** Whether what the condition names can happen. */
      readonly outcome: boolean;
      /** Errors and flags that can come about. */
      readonly errors: readonly string[];
    }
  | { readonly kind: 'undecided'; readonly result: CheckResult };

/** Runs changed texts of a test. */
export class Variants {
  private readonly known = new Map<string, Reach>();
  private readonly usual = new Map<SafetyTarget, ReadonlySet<string>>();

  constructor(
    readonly test: LitmusTest,
    private readonly options: CheckOptions,
  ) {}

  text(edits: readonly Edit[]): string {
    return edited(this.test.source, edits);
  }

  /** Whether the bad outcome can happen in the test with some edits made. @throws SourceError */
  reach(edits: readonly Edit[], target: SafetyTarget): Reach {
    const text = this.text(edits);
    const key = `${target.name}\n${text}`;
    let reach = this.known.get(key);
    if (!reach) {
      reach = this.run(text, target);
      this.known.set(key, reach);
    }
    return reach;
  }

  optionsFor({ target }: SafetyTarget): CheckOptions {
    return { ...this.options, ...(target ? { target } : {}) };
  }

  private run(text: string, target: SafetyTarget): Reach {
    const test = parseLitmus(new Source(this.test.source.name, text));
    const result = check(test, target.model, this.optionsFor(target));
    const found = test.condition.quantifier === 'forall' ? result.negative : result.positive;
    const usual = this.flagsOf(target, text === this.test.source.text ? result : undefined);
    const outcome = found > 0 && namesOutcome(test);
    const errors = errorsOf(result).filter((name) => !usual.has(name));
    if (outcome || errors.length > 0) return { kind: 'reachable', test, result, outcome, errors };
    return result.incomplete.length > 0 ? { kind: 'undecided', result } : { kind: 'unreachable' };
  }

  /** Flags of the model that the program raises as it is: they say nothing of what is changed. */
  private flagsOf(target: SafetyTarget, own: CheckResult | undefined): ReadonlySet<string> {
    let flags = this.usual.get(target);
    if (!flags) {
      const result = own ?? check(this.test, target.model, this.optionsFor(target));
      const errors: readonly string[] = result.errors;
      flags = new Set(errorsOf(result).filter((name) => !errors.includes(name)));
      this.usual.set(target, flags);
    }
    return flags;
  }
}

/**
 * What is wrong with a program: flags, and that it never comes to an end, as with a grace period that waits
 * for its own section.
 */
function errorsOf({ flags, errors, positive, negative, incomplete }: CheckResult): readonly string[] {
  const ends = positive + negative + errors.length > 0 || incomplete.length > 0;
  return ends ? flags : [...flags, 'no execution comes to its end'];
}
