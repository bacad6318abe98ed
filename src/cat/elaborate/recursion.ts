import { raise } from '../../diagnostics.js';
import { namesOf } from '../syntax/free-names.js';
import type { Binding, Expression } from '../syntax/model-syntax.js';
import { type Dynamic, describe, Scope, type Value } from '../terms/model-values.js';
import type { TermFactory } from '../terms/term-factory.js';
import { PROGRAM, type RecursiveGroup, type Sort, type Stage, type Term } from '../terms/terms.js';
import { NotMonotone, toSort } from './coercions.js';

type FunctionExpression = Extract<Expression, { kind: 'function' }>;

/** What solving needs of the evaluation of expressions around it. */
interface Elaboration {
  readonly factory: TermFactory;
  /**
   * For each `let rec` around the place that is being read, the groups inside it that depend on its
   * variables.
   */
  readonly inner: OpenGroup[][];
  evaluate(expression: Expression, scope: Scope): Value;
  /**
   * Carries something out, or undoes what it has begun when the recursion turns out to be none that terms can
   * express.
   */
  unlessNotMonotone<T>(run: () => T): T | undefined;
  /** The definitions of a `let rec` as they come out on each execution: a tuple of the values of `names`. */
  deferRecursion(bindings: readonly Binding[], names: readonly string[], scope: Scope): Dynamic;
}

interface Definition {
  readonly name: string;
  readonly value: Expression;
}

/** What the definitions of a group turn out as, all of them together. */
interface Expectation {
  readonly sorts: readonly Sort[];
  readonly stage: Stage;
  readonly growing: boolean;
}

/**
 * The scope of a `let rec`. As terms where that is possible; definitions that are not monotone, or that look
 * at single events, are computed on each execution.
 */
export function bindRecursively(elaborator: Elaboration, bindings: readonly Binding[], scope: Scope): Scope {
  return (
    elaborator.unlessNotMonotone(() => bindTerms(elaborator, bindings, scope)) ??
    bindDynamically(elaborator, bindings, scope)
  );
}

function bindDynamically(elaborator: Elaboration, bindings: readonly Binding[], scope: Scope): Scope {
  const names = bindings.flatMap(({ pattern }) => namesOf(pattern));
  const group = elaborator.deferRecursion(bindings, names, scope);
  const inner = new Scope(scope);
  names.forEach((name, index) => {
    const run: Dynamic['run'] = (runtime) => {
      const all = runtime.concrete({ kind: 'dynamic', dynamic: group });
      return (all as Value & { kind: 'tuple' }).items[index];
    };
    inner.bind(name, { kind: 'dynamic', dynamic: { inputs: group.inputs, span: group.span, run } });
  });
  return inner;
}

/**
 * Functions simply see each other. Sets and relations become variables of a group, whose definitions are made
 * into terms twice: first to learn their sorts, stage and growth, then with variables that say so.
 */
function bindTerms(elaborator: Elaboration, bindings: readonly Binding[], scope: Scope): Scope {
  const functions: (Definition & { value: FunctionExpression })[] = [];
  const definitions: Definition[] = [];
  for (const { pattern, value } of bindings) {
    if (pattern.kind !== 'single') throw new NotMonotone();
    const name = pattern.name?.text ?? '_';
    if (value.kind === 'function') functions.push({ name, value });
    else definitions.push({ name, value });
  }
  const open = (values: readonly Value[]): Scope => {
    const inner = new Scope(scope);
    definitions.forEach(({ name }, index) => void inner.bind(name, values[index]));
    for (const { name, value } of functions) {
      inner.bind(name, { kind: 'closure', name, pattern: value.pattern, body: value.body, scope: inner });
    }
    return inner;
  };
  return open(definitions.length === 0 ? [] : solve(elaborator, definitions, open));
}

type Open = (values: readonly Value[]) => Scope;

/** A group as it is made. */
export interface OpenGroup extends RecursiveGroup {
  readonly variables: Term[];
  readonly bodies: Term[];
}

function solve(elaborator: Elaboration, definitions: readonly Definition[], open: Open): Value[] {
  const { factory } = elaborator;
  let expected: Expectation = {
    sorts: findSorts(elaborator, definitions, open),
    stage: PROGRAM,
    growing: true,
  };
  for (;;) {
    const group = makeGroup(elaborator, definitions, open, expected);
    const { bodies, variables } = group;
    const free = new Set(bodies.flatMap((body) => [...factory.free(body)]));
    if (!variables.some((variable) => free.has(variable))) {
      return definitions.map((_, index) => ({ kind: 'term', term: bodies[index] }));
    }
    const stage = Math.max(...bodies.map((body) => body.stage)) as Stage;
    const growing = bodies.every((body) => body.growing);
    // Each round can only make the stage later and the growth false: at most four rounds.
    if (stage === expected.stage && growing === expected.growing) {
      for (const variable of variables) free.delete(variable);
      // A fixpoint inside another, and dependent on it, need not be computed anew in each round of the outer
      // one: by Bekic's theorem both can be solved as one group.
      if (free.size > 0) elaborator.inner.at(-1)?.push(group);
      return definitions.map((_, index) => ({
        kind: 'term',
        term: free.size > 0 ? variables[index] : factory.recursive(group, index),
      }));
    }
    expected = { ...expected, stage, growing };
  }
}

function makeGroup(
  elaborator: Elaboration,
  definitions: readonly Definition[],
  open: Open,
  { sorts, stage, growing }: Expectation,
): OpenGroup {
  const { factory } = elaborator;
  const group: OpenGroup = { variables: [], bodies: [] };
  definitions.forEach(({ name }, index) => {
    group.variables.push(factory.variable(group, index, name, sorts[index], stage, growing));
  });
  const scope = open(group.variables.map((term) => ({ kind: 'term', term })));
  const [, parts] = collectInner(elaborator, () => {
    definitions.forEach(({ value }, index) => {
      group.bodies.push(toSort(factory, elaborator.evaluate(value, scope), sorts[index], value.span));
    });
  });
  for (const part of parts) factory.merge(group, part);
  return group;
}

/** The result, and the groups that came up and depend on variables of a group around them. */
function collectInner<T>({ inner }: Elaboration, make: () => T): [T, OpenGroup[]] {
  const parts: OpenGroup[] = [];
  inner.push(parts);
  const result = make();
  inner.pop();
  return [result, parts];
}

/**
 * What each definition is when those whose sort is not known yet are empty; a relation if that never tells.
 */
function findSorts(elaborator: Elaboration, definitions: readonly Definition[], open: Open): Sort[] {
  const { factory } = elaborator;
  const sorts: (Sort | undefined)[] = definitions.map(() => undefined);
  for (let found = true; found && sorts.includes(undefined); ) {
    found = false;
    const inner = open(
      sorts.map((sort) => (sort ? { kind: 'term', term: factory.empty(sort) } : { kind: 'empty' })),
    );
    definitions.forEach(({ name, value: expression }, index) => {
      if (sorts[index]) return;
      // The groups that come up here are thrown away with the terms.
      const [value] = collectInner(elaborator, () => elaborator.evaluate(expression, inner));
      // What only an execution gives may be anything.
      if (value.kind === 'dynamic') throw new NotMonotone();
      if (value.kind === 'term') {
        sorts[index] = value.term.sort;
        found = true;
      } else if (value.kind !== 'empty' && value.kind !== 'universe') {
        raise(
          `\`let rec\` can define a set, a relation or a function; \`${name}\` is ${describe(value)}`,
          expression.span,
        );
      }
    });
  }
  return sorts.map((sort) => sort ?? 'relation');
}
