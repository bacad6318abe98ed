import { mayBeAbsent } from '../../execution/index.js';
import type { Check, Definition, Model, RecursiveGroup, Term } from '../terms/terms.js';
import type { Elaborated } from './elaborate.js';

/** A model of only the terms that its checks and pictures need, numbered afresh, arguments first. */
export function finish(
  name: string,
  title: string,
  elaborated: Elaborated,
  without: Model['without'],
): Model {
  const { checks, shown, choices, ordered, annotations, warnings } = elaborated;
  const roots = [...checks.map(({ term }) => term), ...shown.map(({ term }) => term), ...choices];
  if (ordered) roots.push(ordered);
  const terms = [...reachable(roots)].sort((a, b) => a.id - b.id);
  const renumbered = renumber(terms);
  const replace = (term: Term): Term => renumbered.get(term) as Term;
  return {
    name,
    title,
    checks: checks.map((check): Check => ({ ...check, term: replace(check.term) })),
    terms: terms.map(replace),
    names: namesOfTerms(elaborated.definitions, renumbered),
    shown: shown.map((item) => ({ name: item.name, term: replace(item.term) })),
    choices: choices.map(replace),
    // The writes are what co orders when nothing is said.
    ...(ordered && ordered.name !== 'W' ? { ordered: replace(ordered) } : {}),
    tags: terms.flatMap((term) =>
      term.operator === 'base' && mayBeAbsent(term.name as string) ? [term.name as string] : [],
    ),
    annotations,
    warnings,
    without,
  };
}

function reachable(roots: readonly Term[]): Set<Term> {
  const found = new Set<Term>();
  const todo = [...roots];
  for (let term = todo.pop(); term; term = todo.pop()) {
    if (found.has(term)) continue;
    found.add(term);
    todo.push(...term.args, ...(term.group?.variables ?? []), ...(term.group?.bodies ?? []));
  }
  return found;
}

function renumber(terms: readonly Term[]): Map<Term, Term> {
  const renumbered = new Map<Term, Term>();
  const groups = new Map<RecursiveGroup, { variables: Term[]; bodies: Term[] }>();
  terms.forEach((term, id) => {
    const { sort, operator, name, index, dynamic, stage, growing } = term;
    if (term.group && !groups.has(term.group)) groups.set(term.group, { variables: [], bodies: [] });
    const group = term.group && groups.get(term.group);
    // Terms come in the order of their making: what a term is made from is there already.
    const args = term.args.map((arg) => renumbered.get(arg) as Term);
    renumbered.set(term, { id, sort, operator, args, name, group, index, dynamic, stage, growing });
  });
  for (const [old, group] of groups) {
    for (const variable of old.variables) group.variables.push(renumbered.get(variable) as Term);
    for (const body of old.bodies) group.bodies.push(renumbered.get(body) as Term);
  }
  return renumbered;
}

function namesOfTerms(definitions: readonly Definition[], kept: ReadonlyMap<Term, Term>): Map<Term, string> {
  const names = new Map<Term, string>();
  const give = (term: Term, name: string): void => {
    const own = kept.get(term);
    if (own && own.operator !== 'base' && own.operator !== 'empty' && !names.has(own)) names.set(own, name);
  };
  for (const { name, term } of definitions) give(term, name);
  // A union within a union is dissolved; its parts are still known by its name.
  for (const { name, term } of definitions) {
    const union = term.operator === 'optional' ? term.args[0] : term;
    if (union.operator === 'union') for (const part of union.args) give(part, name);
  }
  return names;
}
