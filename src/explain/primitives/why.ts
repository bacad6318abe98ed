import type { CheckOptions } from '../../check/index.js';
import { type LitmusTest, parseSyntax } from '../../litmus/index.js';
import { type Edit, edited } from './edits.js';
import type { Site, Weakness } from './site.js';
import { sitesOf } from './sites.js';
import { minimalGoodSets } from './subsets.js';
import { type Reach, type SafetyTarget, Variants } from './variants.js';

/** Which primitives of a program keep its bad outcome from happening. */
export interface Why {
  readonly test: LitmusTest;
  readonly targets: readonly SafetyTarget[];
  /** By target: whether the bad outcome can happen in the program as it is. */
  readonly asIs: readonly Reach[];
  readonly sites: readonly Site[];
  /**
   * By site, then by target: what happens when that one alone is weakened. Undefined where the outcome can
   * happen anyway; where that is not decided, no more is of any site.
   */
  readonly without: readonly (readonly (Reach | undefined)[])[];
  /**
   * The smallest sets of sites, by their numbers, that keep the outcome from happening on all targets where
   * the program does so; all sets of which no part does. Undefined when there is no such target.
   */
  readonly enough: readonly (readonly number[])[] | undefined;
  /** Some runs came to their limits: a set may be larger than it has to be. */
  readonly undecided: boolean;
}

/**
 * How far primitives are weakened on a target: in the Linux-kernel model plain accesses race, and mean
 * nothing.
 */
export function weaknessOn({ target, name }: SafetyTarget): Weakness {
  return (target?.architecture ?? name) === 'lkmm' ? 'once' : 'plain';
}

/** The edits that weaken some sites of a program, by their numbers. */
function weakenings(sites: readonly Site[], numbers: Iterable<number>, weakness: Weakness): Edit[] {
  return [...numbers].flatMap((number) => sites[number].weakening(weakness));
}

/**
 * For each primitive of a test and each target: whether the bad outcome can happen without it; and which sets
 * of primitives are enough. What is weakened orders less, so a program only gets worse by it.
 * @throws SourceError when the test cannot be checked on a target
 */
export function why(test: LitmusTest, targets: readonly SafetyTarget[], options: CheckOptions = {}): Why {
  const sites = sitesOf(parseSyntax(test.source));
  const variants = new Variants(test, options);
  const reach = (left: Iterable<number>, target: SafetyTarget): Reach =>
    variants.reach(weakenings(sites, left, weaknessOn(target)), target);
  const asIs = targets.map((target) => reach([], target));
  const safe = targets.filter((_, index) => asIs[index].kind === 'unreachable');
  let undecided = asIs.some(({ kind }) => kind === 'undecided');
  const isGood = (kept: ReadonlySet<number>): boolean => {
    const left = sites.map((_, number) => number).filter((number) => !kept.has(number));
    return safe.every((target) => {
      const { kind } = reach(left, target);
      undecided ||= kind === 'undecided';
      return kind === 'unreachable';
    });
  };
  const without = sites.map((_, number) =>
    targets.map((target, at) => {
      if (asIs[at].kind === 'unreachable') return reach([number], target);
      return asIs[at].kind === 'undecided' ? asIs[at] : undefined;
    }),
  );
  const enough = safe.length > 0 ? minimalGoodSets({ size: sites.length, isGood }) : undefined;
  return { test, targets, asIs, sites, without, enough, undecided };
}

/** The text of a test with some of its primitives weakened, as they are on a target. */
export function weakenedText(
  test: LitmusTest,
  sites: readonly Site[],
  numbers: Iterable<number>,
  target: SafetyTarget,
): string {
  return edited(test.source, weakenings(sites, numbers, weaknessOn(target)));
}
