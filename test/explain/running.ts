import { check, programOf } from '../../src/check/check.js';
import { Source } from '../../src/diagnostics.js';
import type { SafetyTarget } from '../../src/explain/index.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import { isErrorName } from '../../src/program/index.js';

/**
 * Checks texts one by one, and says whether what is bad can happen: the outcome of the condition, where it
 * names one, or a flag. Answers are kept by the code that a target runs: much of what is changed in a text is
 * the same code for a machine as before.
 */
export class Runs {
  private readonly known = new Map<string, boolean>();
  private readonly parsed = new Map<string, LitmusTest>();

  /** @param usual flags that say nothing */
  constructor(private readonly usual: readonly string[] = []) {}

  canHappen(text: string, { name, model, target }: SafetyTarget): boolean {
    const test = this.parse(text);
    const options = target ? { target } : {};
    const key = `${name} ${this.code(text, { name, model, ...(target ? { target } : {}) })}`;
    let answer = this.known.get(key);
    if (answer === undefined) {
      const { positive, negative, flags } = check(test, model, options);
      const { quantifier, proposition } = test.condition;
      const found = proposition.kind !== 'true' && (quantifier === 'forall' ? negative : positive) > 0;
      // What never ends is no repair.
      answer = found || positive + negative === 0 || flags.some((flag) => !this.usual.includes(flag));
      this.known.set(key, answer);
    }
    return answer;
  }

  /** What a target runs, as text. */
  code(text: string, { target }: SafetyTarget): string {
    const { threads, functions } = programOf(this.parse(text), target ? { target } : {});
    return JSON.stringify([threads, functions], (key, value) =>
      key === 'span' || key === 'since' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    );
  }

  /** Each text is asked about on several targets, and parsed once. */
  private parse(text: string): LitmusTest {
    let test = this.parsed.get(text);
    if (!test) {
      test = parseLitmus(new Source('changed', text));
      this.parsed.set(text, test);
    }
    return test;
  }
}

/** Flags of the models that a test raises as it is: what is changed in it is not measured by them. */
export function usualFlags(test: LitmusTest, targets: readonly SafetyTarget[]): string[] {
  const flags = targets.flatMap(({ model, target }) => check(test, model, target ? { target } : {}).flags);
  return flags.filter((flag) => !isErrorName(flag));
}
