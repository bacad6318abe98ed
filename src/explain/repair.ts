import { shippedModel } from '../cat/index.js';
import { type CheckOptions, ProgramError } from '../check/index.js';
import { SourceError } from '../diagnostics.js';
import { type LitmusTest, parseSyntax } from '../litmus/index.js';
import type { Addition } from './addition.js';
import { additionCosts, additionsTo, editsOf } from './additions.js';
import { cheapestGoodSet } from './subsets.js';
import { type Reach, type SafetyTarget, Variants } from './variants.js';

/** What can be done about the bad outcome of a program. */
export type Repair = {
  readonly test: LitmusTest;
  readonly targets: readonly SafetyTarget[];
  /** By target: whether it can happen in the program as it is. */
  readonly asIs: readonly Reach[];
} & (
  | { readonly kind: 'safe' }
  | {
      readonly kind: 'repaired';
      /** Together they cost the least, and none can be left out. */
      readonly additions: readonly Addition[];
      readonly cost: number;
      readonly text: string;
    }
  /** With all that could be added, it can still happen on a target: on `sc`, if it can happen there. */
  | { readonly kind: 'impossible'; readonly on: SafetyTarget; readonly reach: Reach }
  | { readonly kind: 'undecided' }
);

/**
 * Finds the cheapest additions that keep the bad outcome of a test from happening on all targets. What is added orders more, so a program
 * only gets better by it.
 * @throws SourceError when the test cannot be checked on a target
 */
export function repair(
  test: LitmusTest,
  targets: readonly SafetyTarget[],
  options: CheckOptions = {},
): Repair {
  const variants = new Variants(test, options);
  const asIs = targets.map((target) => variants.reach([], target));
  const common = { test, targets, asIs };
  if (asIs.every(({ kind }) => kind === 'unreachable')) return { ...common, kind: 'safe' };
  const additions = supported(additionsTo(parseSyntax(test.source)), variants, targets);
  const everything = editsOf(additions);
  for (const on of [sequential(targets), ...targets]) {
    const reach = variants.reach(everything, on);
    if (isOwnError(reach, variants.reach([], on))) return { ...common, kind: 'undecided' };
    if (reach.kind === 'reachable')
      return { ...common, kind: 'impossible', on, reach: simplest(reach, variants, on) };
    if (reach.kind === 'undecided') return { ...common, kind: 'undecided' };
  }
  let undecided = false;
  const isGood = (chosen: ReadonlySet<number>): boolean =>
    targets.every((target) => {
      const { kind } = variants.reach(editsOf(pick(additions, chosen)), target);
      undecided ||= kind === 'undecided';
      return kind === 'unreachable';
    });
  const found = cheapestGoodSet({ size: additions.length, isGood }, (number) => costOf(additions[number]));
  if (!found || undecided) return { ...common, kind: 'undecided' };
  const chosen = pick(additions, new Set(found));
  const cost = chosen.reduce((sum, addition) => sum + costOf(addition), 0);
  return { ...common, kind: 'repaired', additions: chosen, cost, text: variants.text(editsOf(chosen)) };
}

/** The program as it is is easier to read than one with all that could be added. */
function simplest(reach: Reach, variants: Variants, on: SafetyTarget): Reach {
  const asIs = variants.reach([], on);
  return asIs.kind === 'reachable' && asIs.error === undefined ? asIs : reach;
}

const costOf = ({ primitive }: Addition): number => additionCosts[primitive];

function pick(additions: readonly Addition[], chosen: ReadonlySet<number>): Addition[] {
  return additions.filter((_, number) => chosen.has(number));
}

/** Sequential consistency, with the primitives of the first target's kernel. */
function sequential([{ target }]: readonly SafetyTarget[]): SafetyTarget {
  const model = shippedModel('sc');
  return { name: 'sc', model, ...(target ? { target: { ...target, architecture: 'sc' } } : {}) };
}

/** Whether a changed program is in an error that the program as it is is not in. */
function isOwnError(changed: Reach, asIs: Reach): boolean {
  if (changed.kind !== 'reachable' || changed.error === undefined) return false;
  return asIs.kind !== 'reachable' || asIs.error !== changed.error;
}

/** Those that every target has code for, and that make no error of their own, as a grace period within a section does. */
function supported(
  additions: readonly Addition[],
  variants: Variants,
  targets: readonly SafetyTarget[],
): Addition[] {
  return additions.filter(({ edits }) =>
    targets.every((target) => {
      try {
        const reach = variants.reach(edits, target);
        return !isOwnError(reach, variants.reach([], target));
      } catch (error) {
        if (error instanceof SourceError && !(error instanceof ProgramError)) return false;
        throw error;
      }
    }),
  );
}
