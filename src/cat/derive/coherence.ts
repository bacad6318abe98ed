import type { Model, Term } from '../terms/terms.js';

/** The parts of coherence per location: in every execution, each is irreflexive. */
type Part = 'po-loc' | 'rf' | 'co' | 'fr' | 'rmw' | 'pair';

/**
 * Which pairs of a read and a write of one instruction a program has that po leaves out: none, those of
 * atomic instructions, or those of others too.
 */
export type PairsBeside = 'none' | 'atomic' | 'any';

const isWithin: readonly Part[] = ['po-loc', 'rf', 'co', 'fr'];
const parts: Readonly<Record<PairsBeside, readonly Part[]>> = {
  none: isWithin,
  atomic: [...isWithin, 'rmw'],
  any: [...isWithin, 'pair'],
};

/** All pairs of a part, or only those within a thread, or only those between threads. */
type Scope = 'all' | 'int' | 'ext';

/**
 * Whether the model evidently requires coherence per location: some check makes a relation acyclic that
 * contains `po-loc | rf | co | fr`, and the pairs that po leaves out. Judged by the shape of the terms alone:
 * false does not mean that the model allows less.
 */
export function coherenceIsRequired(model: Model, beside: PairsBeside = 'none'): boolean {
  return model.checks.some(({ kind, negated, flag, term }) => {
    if (negated || flag || kind === 'empty') return false;
    // `irreflexive r+` is another way to say `acyclic r`.
    if (kind === 'irreflexive' && term.operator !== 'plus') return false;
    return parts[beside].every((part) => contains(term, part, 'all'));
  });
}

function contains(term: Term, part: Part, scope: Scope): boolean {
  const { args } = term;
  switch (term.operator) {
    case 'base':
      return baseContains(term.name as string, part, scope);
    case 'union':
      if (args.some((arg) => contains(arg, part, scope))) return true;
      // In two halves, such as `rfi | rfe`.
      return scope === 'all' && contains(term, part, 'int') && contains(term, part, 'ext');
    case 'intersection':
      return args.every((arg) => contains(arg, part, scope));
    case 'plus':
    case 'star':
    case 'optional':
      return contains(args[0], part, scope);
    case 'difference':
      return contains(args[0], part, scope) && isDisjoint(args[1], scope);
    case 'complement':
      return isDisjoint(args[0], scope);
    case 'compose':
      return (part === 'fr' && isFromRead(args[0], args[1])) || isRestricted(args[0], args[1], part, scope);
    case 'product':
      return (
        sides[part][0].some((side) => holds(args[0], side)) &&
        sides[part][1].some((side) => holds(args[1], side))
      );
    default:
      return false;
  }
}

function baseContains(name: string, part: Part, scope: Scope): boolean {
  if (name === 'loc' || name === part || name === scope) return true;
  if (name === 'same-instance') return part === 'pair' || part === 'rmw';
  return name === 'po' && part === 'po-loc';
}

/** Whether `[S]; r` or `r; [S]` contains a part, since S has all events on that side of it. */
function isRestricted(a: Term, b: Term, part: Part, scope: Scope): boolean {
  const [left, right] = sides[part];
  const isSide = (term: Term, names: readonly string[]): boolean =>
    term.operator === 'identity' && names.some((name) => holds(term.args[0], name));
  return (isSide(a, left) && contains(b, part, scope)) || (isSide(b, right) && contains(a, part, scope));
}

function isFromRead(a: Term, b: Term): boolean {
  return a.operator === 'inverse' && contains(a.args[0], 'rf', 'all') && contains(b, 'co', 'all');
}

const READ_TO_WRITE = [
  ['_', 'M', 'R'],
  ['_', 'M', 'W'],
] as const;

/** Sets that hold all events on the left and on the right of a part's pairs. */
const sides: Record<Part, readonly [readonly string[], readonly string[]]> = {
  'po-loc': [
    ['_', 'M'],
    ['_', 'M'],
  ],
  rmw: READ_TO_WRITE,
  pair: READ_TO_WRITE,
  rf: [
    ['_', 'M', 'W'],
    ['_', 'M', 'R'],
  ],
  co: [
    ['_', 'M', 'W'],
    ['_', 'M', 'W'],
  ],
  fr: [
    ['_', 'M', 'R'],
    ['_', 'M', 'W'],
  ],
};

function holds(set: Term, name: string): boolean {
  if (isBase(set, name) || isBase(set, '_')) return true;
  if (set.operator !== 'union') return false;
  if (set.args.some((arg) => holds(arg, name))) return true;
  return name === 'M' && holds(set, 'R') && holds(set, 'W');
}

/** Whether a relation evidently has no pair in common with any part, within the scope. */
function isDisjoint(term: Term, scope: Scope): boolean {
  if (isBase(term, 'id') || term.operator === 'identity') return true;
  if (isBase(term, 'int')) return scope === 'ext';
  if (isBase(term, 'ext')) return scope === 'int';
  if (term.operator === 'intersection') return term.args.some((arg) => isDisjoint(arg, scope));
  return term.operator === 'union' && term.args.every((arg) => isDisjoint(arg, scope));
}

function isBase(term: Term, name: string): boolean {
  return term.operator === 'base' && term.name === name;
}
