import { PROGRAM, type RecursiveGroup, type Term } from '../terms/terms.js';

/**
 * Why a pair of events is in a relation, or an event in a set: a tree, from the term down to members of the
 * base sets and relations. Of an event in a set, `from` and `to` are the same.
 */
export interface Derivation {
  readonly term: Term;
  readonly from: number;
  readonly to: number;
  /**
   * The members that make this one a member: one for a union, all for an intersection, one after the other
   * for `;` and closures. What is left out by `\` or `~` has none: there the term itself is the reason.
   */
  readonly parts: readonly Derivation[];
}

/** A pair in a relation, or an event (both numbers the same) in a set. */
export type Membership = Pick<Derivation, 'term' | 'from' | 'to'>;

/** How to choose where there is a choice. All that is asked for is there. */
export interface Ways {
  /** One of several terms that has the pair. */
  among(terms: readonly Term[], from: number, to: number): Term;
  /** An event between two relations. */
  between(a: Term, b: Term, from: number, to: number): number;
  /** The events of a path of at least one step, from the first to the last. */
  along(relation: Term, from: number, to: number): readonly number[];
  /** What makes an event one of a `domain` or `range`. */
  partner(term: Term, event: number): number;
}

/**
 * The members that make another a member of its term: the parts of its derivation. None where the term itself
 * is the reason.
 */
export function partsBehind({ term, from, to }: Membership, ways: Ways): Membership[] {
  const [a, b] = term.args;
  const along = (): Membership[] => {
    const events = ways.along(a, from, to);
    return events.slice(1).map((event, index) => ({ term: a, from: events[index], to: event }));
  };
  switch (term.operator) {
    case 'union':
      return [{ term: ways.among(term.args, from, to), from, to }];
    case 'intersection':
      return term.args.map((arg) => ({ term: arg, from, to }));
    case 'difference':
      return [{ term: a, from, to }];
    case 'compose': {
      const event = ways.between(a, b, from, to);
      return [
        { term: a, from, to: event },
        { term: b, from: event, to },
      ];
    }
    case 'inverse':
      return [{ term: a, from: to, to: from }];
    case 'plus':
      return along();
    case 'star':
      return from === to ? [] : along();
    case 'optional':
      return from === to ? [] : [{ term: a, from, to }];
    case 'identity':
      return [{ term: a, from, to: from }];
    case 'product':
      return [
        { term: a, from, to: from },
        { term: b, from: to, to },
      ];
    case 'domain':
      return [{ term: a, from, to: ways.partner(term, from) }];
    case 'range':
      return [{ term: a, from: ways.partner(term, from), to: from }];
    case 'variable':
    case 'recursive':
      return [{ term: (term.group as RecursiveGroup).bodies[term.index as number], from, to }];
    default:
      return [];
  }
}

/** A pair of a base relation. */
export interface BasePair {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A step of a path through base relations. A step that is `inverse` stands for the pair (to, from) of the
 * relation.
 */
export interface DerivationLink extends BasePair {
  readonly inverse: boolean;
}

/** Bases that only choose among the pairs of others. */
const filters = new Set(['loc', 'same-block', 'int', 'ext', 'id', 'same-instance', 'different-values']);

/**
 * Whether a term only chooses among the pairs of others: it says nothing of what leads from one event to the
 * other.
 */
function isFilter({ operator, name, args }: Term): boolean {
  switch (operator) {
    case 'base':
      return filters.has(name as string);
    case 'complement':
    case 'product':
    case 'identity':
      return true;
    case 'union':
    case 'intersection':
    case 'difference':
    case 'optional':
    case 'star':
    case 'plus':
    case 'inverse':
      return args.every(isFilter);
    default:
      return false;
  }
}

/**
 * The path that a derivation follows from its first event to its last, step by step. Filters make no step of
 * their own.
 */
export function linksOf({ term, from, to, parts }: Derivation): DerivationLink[] {
  switch (term.operator) {
    case 'base':
      return term.sort === 'set' ? [] : [{ name: term.name as string, from, to, inverse: false }];
    case 'intersection': {
      const leading = parts.filter((part) => !isFilter(part.term));
      return linksOf(leading.length > 0 ? leading[0] : parts[0]);
    }
    case 'inverse':
      return linksOf(parts[0])
        .reverse()
        .map((link) => ({ ...link, from: link.to, to: link.from, inverse: !link.inverse }));
    case 'identity':
    case 'product':
    case 'complement':
    case 'domain':
    case 'range':
    case 'dynamic':
    case 'choice':
      return [];
    default:
      return parts.flatMap(linksOf);
  }
}

/**
 * Of a pair that two relations are about, the one the other way round (`rf & order^-1`): why the second event
 * comes before the first by the other of them. Undefined for what is no such pair.
 */
export function wayBackOf({ term, parts }: Derivation): Derivation | undefined {
  if (term.operator === 'union' && parts.length === 1) return wayBackOf(parts[0]);
  if (term.operator !== 'intersection') return undefined;
  const leading = flattened(parts).filter((part) => !isFilter(part.term));
  const isInverse = (part: Derivation) => part.term.operator === 'inverse';
  return leading.length > 1 && !isInverse(leading[0]) ? leading.find(isInverse)?.parts[0] : undefined;
}

/**
 * Of a pair that two relations lead to, both the same way (`rmw & (fre; coe)`): why it is in the other one,
 * that `linksOf` does not follow. Undefined for what is no such pair.
 */
export function wayBesideOf({ term, parts }: Derivation): Derivation | undefined {
  if (term.operator === 'union' && parts.length === 1) return wayBesideOf(parts[0]);
  if (term.operator !== 'intersection') return undefined;
  const leading = flattened(parts).filter(
    (part) => !isFilter(part.term) && part.term.operator !== 'inverse' && linksOf(part).length > 0,
  );
  return leading[1];
}

function flattened(parts: readonly Derivation[]): Derivation[] {
  return parts.flatMap((part) => (part.term.operator === 'intersection' ? flattened(part.parts) : [part]));
}

/** All pairs of base relations that a derivation rests on, in the order in which it names them, each once. */
export function basePairsOf(derivation: Derivation): BasePair[] {
  const found = new Map<string, BasePair>();
  forEachPart(derivation, ({ term, from, to }) => {
    if (term.operator !== 'base' || term.sort === 'set') return;
    const name = term.name as string;
    found.set(`${name} ${from} ${to}`, { name, from, to });
  });
  return [...found.values()];
}

/**
 * Whether every execution of the same graph that has the derivation's rf and co pairs has the derived pair,
 * too. If not, it also rests on what is not there, or not yet.
 */
export function restsOnPairsAlone(derivation: Derivation): boolean {
  let alone = true;
  forEachPart(derivation, ({ term }) => {
    if (term.stage === PROGRAM) return;
    const { operator, name, args } = term;
    if (operator === 'difference') alone &&= args[1].stage === PROGRAM;
    else if (['complement', 'dynamic', 'choice'].includes(operator)) alone = false;
    else if (operator === 'base') alone &&= name === 'rf' || name === 'co';
  });
  return alone;
}

function forEachPart(derivation: Derivation, visit: (part: Derivation) => void): void {
  visit(derivation);
  for (const part of derivation.parts) forEachPart(part, visit);
}
