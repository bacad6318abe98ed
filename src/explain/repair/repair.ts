import { shippedModel } from '../../cat/index.js';
import type { CheckOptions } from '../../check/index.js';
import { SourceError } from '../../diagnostics.js';
import { type LitmusTest, parseSyntax } from '../../litmus/index.js';
import type { Edit } from '../primitives/edits.js';
import { cheapestGoodSet } from '../primitives/subsets.js';
import { type Reach, type SafetyTarget, Variants } from '../primitives/variants.js';
import type { Addition } from './addition.js';
import { additionsTo, costOf, editsOf } from './additions.js';

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
 * Finds the cheapest additions that keep the bad outcome of a test from happening on all targets. What is
 * added orders more, so a program only gets better by it; but a section that a grace period would stand in is
 * an alternative to it.
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
  const found = alternatives(additions, variants, targets).map((family) =>
    cheapestOf(family, variants, targets),
  );
  const repaired = found.flatMap((one) => (one.kind === 'repaired' ? [one] : []));
  // An alternative that is not decided could be the cheaper one.
  if (repaired.length === 0 || found.some(({ kind }) => kind === 'undecided')) {
    const impossible = found.find(({ kind }) => kind === 'impossible');
    const undecided = found.some(({ kind }) => kind === 'undecided');
    return undecided || impossible?.kind !== 'impossible'
      ? { ...common, kind: 'undecided' }
      : { ...common, ...impossible };
  }
  const best = repaired.reduce((a, b) => (b.cost < a.cost ? b : a));
  return { ...common, ...best, text: variants.text(editsOf(best.additions)) };
}

type Cheapest =
  | { readonly kind: 'repaired'; readonly additions: readonly Addition[]; readonly cost: number }
  | { readonly kind: 'impossible'; readonly on: SafetyTarget; readonly reach: Reach }
  | { readonly kind: 'undecided' };

/** The cheapest of some additions that can all be made at once. */
function cheapestOf(
  additions: readonly Addition[],
  variants: Variants,
  targets: readonly SafetyTarget[],
): Cheapest {
  const everything = editsOf(additions);
  for (const on of [sequential(targets), ...targets]) {
    const reach = variants.reach(everything, on);
    if (isOwnError(reach, variants.reach([], on))) return { kind: 'undecided' };
    if (reach.kind === 'reachable') return { kind: 'impossible', on, reach: simplest(reach, variants, on) };
    if (reach.kind === 'undecided') return { kind: 'undecided' };
  }
  let undecided = false;
  const isGood = (chosen: ReadonlySet<number>): boolean =>
    targets.every((target) => {
      const { kind } = variants.reach(editsOf(pick(additions, chosen)), target);
      undecided ||= kind === 'undecided';
      return kind === 'unreachable';
    });
  const found = cheapestGoodSet({ size: additions.length, isGood }, (number) =>
    costOf(additions[number].primitive),
  );
  if (!found || undecided) return { kind: 'undecided' };
  const chosen = pick(additions, new Set(found));
  return {
    kind: 'repaired',
    additions: chosen,
    cost: chosen.reduce((sum, { primitive }) => sum + costOf(primitive), 0),
  };
}

/**
 * Additions that can be made together, in all ways that leave out no more than must be: of a section and a
 * grace period that would stand in it, one. Of each other two it is so that they can.
 */
function alternatives(
  additions: readonly Addition[],
  variants: Variants,
  targets: readonly SafetyTarget[],
): Addition[][] {
  const sections = additions.filter(({ primitive }) => primitive === 'rcu_read_lock');
  const waits = additions.filter(({ primitive }) => primitive === 'synchronize_rcu');
  const others = additions.filter((one) => !sections.includes(one) && !waits.includes(one));
  const excluded = new Map(
    sections.map((section) => [
      section,
      waits.filter((wait) => isError(editsOf([section, wait]), variants, targets)),
    ]),
  );
  const families = subsetsOf(sections).map((chosen) => {
    const open = waits.filter((wait) => !chosen.some((section) => excluded.get(section)?.includes(wait)));
    const isFull = sections.every(
      (section) => chosen.includes(section) || excluded.get(section)?.some((wait) => open.includes(wait)),
    );
    return isFull ? [...chosen, ...open, ...others].sort((a, b) => a.line - b.line) : undefined;
  });
  return families.flatMap((family) => (family ? [family] : []));
}

function subsetsOf<Item>(items: readonly Item[]): Item[][] {
  return items.reduce<Item[][]>((sets, item) => sets.flatMap((set) => [set, [...set, item]]), [[]]);
}

/** The program as it is is easier to read than one with all that could be added. */
function simplest(reach: Reach, variants: Variants, on: SafetyTarget): Reach {
  const asIs = variants.reach([], on);
  return asIs.kind === 'reachable' ? asIs : reach;
}

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
  if (changed.kind !== 'reachable') return false;
  const known = asIs.kind === 'reachable' ? asIs.errors : [];
  return changed.errors.some((error) => !known.includes(error));
}

/**
 * Those that every target has code for, and that make no error of their own, as a grace period within a
 * section does.
 */
function supported(
  additions: readonly Addition[],
  variants: Variants,
  targets: readonly SafetyTarget[],
): Addition[] {
  return additions.filter(({ edits }) => !isError(edits, variants, targets));
}

/** Whether edits make what some target has no code for, or an error of their own. */
function isError(edits: readonly Edit[], variants: Variants, targets: readonly SafetyTarget[]): boolean {
  return targets.some((target) => {
    try {
      return isOwnError(variants.reach(edits, target), variants.reach([], target));
    } catch (error) {
      if (error instanceof SourceError) return true;
      throw error;
    }
  });
}
