import type { Bare, Direction, RelaxationEdge } from './edge.js';
import type { Relaxation, Vocabulary } from './relaxation-vocabulary.js';

/** What cycles are looked for; diy7's. */
export const modes = ['default', 'sc', 'critical', 'free', 'uni', 'ppo', 'total', 'mixed'] as const;
/** One of `modes`. */
export type Mode = (typeof modes)[number];

/** Whether one relaxation may follow another, given the edges where they meet. */
type ModeRule = (before: RelaxationEdge, after: RelaxationEdge) => boolean;

export interface MeetingOptions {
  readonly mode: Mode;
  /** Program orders that are safe by themselves, in mode `sc`. */
  readonly safe: readonly Relaxation[];
  /** Fences that may stand beside an `Rfe` without a word for it; undefined: all. */
  readonly cumulative?: readonly string[];
}

/** Whether `after` may follow `before` in a cycle. */
export function meetings(
  options: MeetingOptions,
  vocabulary: Vocabulary,
): (before: Relaxation, after: Relaxation) => boolean {
  const rule = ruleOf(options, vocabulary);
  const isCumulative = ({ what }: Bare): boolean => options.cumulative?.includes(what) ?? true;
  return (before, after) => {
    const [a, b] = [lastOf(before), firstOf(after)];
    if (!areJoined(a, b)) return false;
    if (isShortcut(a.bare, b.bare)) return a.bare.external !== b.bare.external;
    if (a.bare.kind === 'annotation' || b.bare.kind === 'annotation') return annotationFits(a, b, vocabulary);
    if (isRf(a.bare) && b.bare.kind === 'fence') return isCumulative(b.bare) && rule(a, b);
    if (a.bare.kind === 'fence' && isRf(b.bare)) return isCumulative(a.bare) && rule(a, b);
    return rule(a, b);
  };
}

function firstOf(relaxation: Relaxation): RelaxationEdge {
  return relaxation.find(({ bare }) => bare.kind !== 'insertion') ?? relaxation.at(-1)!;
}

function lastOf(relaxation: Relaxation): RelaxationEdge {
  return relaxation.findLast(({ bare }) => bare.kind !== 'insertion') ?? relaxation[0];
}

/** The access between them can be one. */
function areJoined({ bare: a, after }: RelaxationEdge, { bare: b, before }: RelaxationEdge): boolean {
  if (a.kind === 'insertion' && b.kind === 'insertion') return false;
  const sameDirection = a.target === undefined || b.source === undefined || a.target === b.source;
  return sameDirection && (after === undefined || before === undefined || after === before);
}

/** Together they are a shorter communication: `Fr` and then `Co` is `Fr`. */
function isShortcut(a: Bare, b: Bare): boolean {
  if (a.kind === 'hat' && b.kind === 'hat') return true;
  if (a.kind !== 'communication' || b.kind !== 'communication') return false;
  return ['CoCo', 'FrCo', 'RfFr'].includes(a.what + b.what);
}

function annotationFits(a: RelaxationEdge, b: RelaxationEdge, vocabulary: Vocabulary): boolean {
  if (a.bare.kind !== 'annotation') return isOf(b.before, a.bare.target, vocabulary);
  return b.bare.kind !== 'annotation' && isOf(a.after, b.bare.source, vocabulary);
}

function isOf(
  annotation: string | undefined,
  direction: Direction | undefined,
  vocabulary: Vocabulary,
): boolean {
  return (
    annotation === undefined ||
    direction === undefined ||
    vocabulary.annotation(annotation).of.includes(direction)
  );
}

function ruleOf({ mode, safe }: MeetingOptions, vocabulary: Vocabulary): ModeRule {
  if (mode === 'default') return usual;
  if (mode === 'sc') return againstSc(safe);
  if (mode === 'critical') return critical;
  if (mode === 'free') return () => true;
  if (mode === 'uni') return uniproc;
  if (mode === 'ppo') return preserved(vocabulary);
  return mode === 'total' ? () => true : mixed;
}

function isRf({ kind, what }: Bare): boolean {
  return kind === 'communication' && what === 'Rf';
}

function isUpdate(a: RelaxationEdge, b: RelaxationEdge): boolean {
  return a.bare.kind === 'update' || b.bare.kind === 'update';
}

/** Within a thread and one location. */
function isLocal({ kind, external, same, source, target }: Bare): boolean {
  if (kind === 'communication') return !external;
  return kind === 'order' && same && !(source === 'R' && target === 'R');
}

/** From a write to a later read of its value, or what may be that. */
function readsOwn({ kind, external, same, what, source, target }: Bare): boolean {
  if (kind === 'communication') return what === 'Rf' && !external;
  return kind === 'order' && same && source === 'W' && target === 'R';
}

/** No two steps within a thread, but where the second says more than the first. */
function usual({ bare: a }: RelaxationEdge, { bare: b }: RelaxationEdge): boolean {
  if (a.kind === 'update' || b.kind === 'update' || a.external || b.external) return true;
  const leads = (one: Bare): boolean => one.kind === 'dependency' || (one.kind === 'order' && !one.same);
  if ((isLocal(a) || a.kind === 'insertion') && leads(b)) return true;
  if (leads(a) && (isLocal(b) || b.kind === 'insertion')) return true;
  const [depends, orders] = a.kind === 'dependency' ? [a, b] : [b, a];
  if (depends.kind === 'dependency' && orders.kind === 'order') return !depends.same && !orders.same;
  const isSame = (one: Bare): boolean => one.kind === 'order' && one.same;
  return (readsOwn(a) && isSame(b)) || (isSame(a) && readsOwn(b));
}

/** Program order and communication in turns. */
function critical(a: RelaxationEdge, b: RelaxationEdge): boolean {
  return endsInRf(a, b) || isUpdate(a, b) || a.bare.external !== b.bare.external;
}

function endsInRf({ bare: a }: RelaxationEdge, { bare: b }: RelaxationEdge): boolean {
  return a.kind === 'communication' && a.what !== 'Rf' && isRf(b);
}

/** The same, and within a thread as many steps as go to another location once at most. */
function mixed(a: RelaxationEdge, b: RelaxationEdge): boolean {
  if (endsInRf(a, b) || isUpdate(a, b) || a.bare.external !== b.bare.external) return true;
  return !a.bare.external && (a.bare.same || b.bare.same);
}

function uniproc({ bare: a }: RelaxationEdge, { bare: b }: RelaxationEdge): boolean {
  if (a.kind === 'order' && b.kind === 'order') return false;
  const throughHat =
    (isRf(a) && b.kind === 'hat') || (a.kind === 'hat' && b.kind === 'communication' && b.what === 'Fr');
  return !throughHat || a.external !== b.external;
}

/** No step twice on end, and a branch with its fence last of all. */
function preserved(vocabulary: Vocabulary): ModeRule {
  const isFenced = ({ kind, what, target }: Bare): boolean =>
    kind === 'dependency' && target === 'R' && vocabulary.dependency(what).fence !== undefined;
  return (a, b) => a !== b && (!isFenced(a.bare) || (b.bare.external && b.bare.kind === 'communication'));
}

/** Like {@link usual}, but what two steps come to must not be safe by itself. */
function againstSc(safe: readonly Relaxation[]): ModeRule {
  const orders = safe.flatMap((one) =>
    one.length === 1 && one[0].bare.kind === 'order' ? [one[0].bare] : [],
  );
  const isSafe = (same: boolean, source: Direction | undefined, target: Direction | undefined): boolean =>
    orders.some((one) => one.same === same && one.source === source && one.target === target);
  return ({ bare: a }, { bare: b }) => {
    const whole = isSafe(a.same && b.same, a.source, b.target);
    const [orderA, orderB] = [a.kind === 'order', b.kind === 'order'];
    const [dependsA, dependsB] = [a.kind === 'dependency', b.kind === 'dependency'];
    if ((readsOwn(a) && dependsB) || (dependsA && readsOwn(b))) return true;
    if (dependsA && isLocal(b)) return !isSafe(a.same, a.source, b.target);
    if (orderA && dependsB) return !isSafe(a.same, a.source, a.target) && !whole;
    if (dependsA && orderB) return !isSafe(b.same, b.source, b.target) && !whole;
    if (orderA && orderB) return !whole;
    if (isRf(a) && !a.external && orderB)
      return isSafe(b.same, b.source, b.target) && !isSafe(b.same, a.source, b.target);
    if (orderA && isRf(b) && !b.external)
      return isSafe(a.same, a.source, a.target) && !isSafe(a.same, a.source, b.target);
    return a.kind === 'update' || b.kind === 'update' || a.external || b.external;
  };
}
