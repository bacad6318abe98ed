import type { Model, RecursiveGroup, Term } from '../../cat/index.js';

/** Whose events a term depends on that the program alone determines. */
export type PathDependence =
  /** Relates events of one CPU, or says something of one event: depends on that CPU's path. */
  | 0
  /** Whether it relates two events depends on the paths of their CPUs. */
  | 1
  /** Depends on all paths. */
  | 2;

export const LOCAL: PathDependence = 0;
export const PAIRWISE: PathDependence = 1;
export const GLOBAL: PathDependence = 2;

/** Relations of the vocabulary between events of one CPU. */
const local = new Set(['id', 'po', 'addr', 'data', 'ctrl', 'choice', 'might', 'rmw', 'int', 'same-instance']);

/** By term number; only of terms that the program alone determines it says something. */
export function pathDependence(model: Model): Int8Array {
  const known = new Int8Array(model.terms.length).fill(GLOBAL);
  const group = (recursive: RecursiveGroup): PathDependence => {
    // As far as the bodies are local when the variables are, so are these.
    for (const variable of recursive.variables) known[variable.id] = LOCAL;
    for (const term of model.terms) if (isInside(term, recursive)) known[term.id] = dependenceOf(term, known);
    const worst = Math.max(...recursive.bodies.map((body) => known[body.id])) as PathDependence;
    return worst === LOCAL ? LOCAL : GLOBAL;
  };
  const groups = new Map<RecursiveGroup, PathDependence>();
  for (const term of model.terms) {
    if (term.operator === 'recursive' || term.operator === 'variable') {
      const of = term.group as RecursiveGroup;
      let found = groups.get(of);
      if (found === undefined) {
        found = group(of);
        groups.set(of, found);
        for (const variable of of.variables) known[variable.id] = found;
      }
      known[term.id] = found;
    } else known[term.id] = dependenceOf(term, known);
  }
  return known;
}

/**
 * Whether a term stands among the parts of a recursive definition. Those outside may be looked at as well: it
 * is a matter of order only.
 */
function isInside(term: Term, { variables }: RecursiveGroup): boolean {
  return term.operator !== 'variable' && term.operator !== 'recursive' && term.id > variables[0].id;
}

function dependenceOf({ operator, sort, name, args }: Term, known: Int8Array): PathDependence {
  const worst = (): PathDependence => {
    let most: PathDependence = LOCAL;
    for (const arg of args) if (known[arg.id] > most) most = known[arg.id] as PathDependence;
    return most;
  };
  switch (operator) {
    case 'base':
      return sort === 'set' || local.has(name as string) ? LOCAL : PAIRWISE;
    case 'empty':
      return LOCAL;
    case 'intersection':
      if (worst() === GLOBAL) return GLOBAL;
      return args.some((arg) => known[arg.id] === LOCAL) ? LOCAL : PAIRWISE;
    case 'difference':
      return known[args[1].id] === GLOBAL ? GLOBAL : (known[args[0].id] as PathDependence);
    case 'complement':
      if (sort === 'set') return worst();
      return worst() === GLOBAL ? GLOBAL : PAIRWISE;
    case 'compose':
      if (worst() === LOCAL) return LOCAL;
      return args.filter((arg) => known[arg.id] !== LOCAL).length === 1 && worst() === PAIRWISE
        ? PAIRWISE
        : GLOBAL;
    case 'plus':
    case 'star':
    case 'domain':
    case 'range':
      return worst() === LOCAL ? LOCAL : GLOBAL;
    case 'product':
      return worst() === LOCAL ? PAIRWISE : GLOBAL;
    case 'union':
    case 'inverse':
    case 'optional':
    case 'identity':
      return worst();
    default:
      return GLOBAL;
  }
}
