import { raise } from '../diagnostics.js';
import { toSort } from './coercions.js';
import type { ExpressionElaborator } from './expressions.js';
import type { Binding, Expression } from './syntax.js';
import { PROGRAM, type RecursiveGroup, type Sort, type Stage, type Term } from './terms.js';
import { describe, Scope, type Value } from './values.js';

type FunctionExpression = Extract<Expression, { kind: 'function' }>;

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
 * The scope of a `let rec`. Functions simply see each other. Sets and relations become variables of a group, whose
 * definitions are made into terms twice: first to learn their sorts, stage and growth, then with variables that say so.
 */
export function bindRecursively(
  elaborator: ExpressionElaborator,
  bindings: readonly Binding[],
  scope: Scope,
): Scope {
  const functions: (Definition & { value: FunctionExpression })[] = [];
  const definitions: Definition[] = [];
  for (const { pattern, value } of bindings) {
    if (pattern.kind !== 'single')
      raise('`let rec` defines one name at a time; join definitions with `and`', pattern.span);
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

function solve(elaborator: ExpressionElaborator, definitions: readonly Definition[], open: Open): Value[] {
  const { factory } = elaborator;
  let expected: Expectation = {
    sorts: findSorts(elaborator, definitions, open),
    stage: PROGRAM,
    growing: true,
  };
  for (;;) {
    const group = makeGroup(elaborator, definitions, open, expected);
    const { bodies, variables } = group;
    const isRecursive = bodies.some((body) => variables.some((variable) => factory.free(body).has(variable)));
    if (!isRecursive) return bodies.map((term) => ({ kind: 'term', term }));
    const stage = Math.max(...bodies.map((body) => body.stage)) as Stage;
    const growing = bodies.every((body) => body.growing);
    // Each round can only make the stage later and the growth false: at most four rounds.
    if (stage === expected.stage && growing === expected.growing) {
      return variables.map((_, index) => ({ kind: 'term', term: factory.recursive(group, index) }));
    }
    expected = { ...expected, stage, growing };
  }
}

function makeGroup(
  elaborator: ExpressionElaborator,
  definitions: readonly Definition[],
  open: Open,
  { sorts, stage, growing }: Expectation,
): RecursiveGroup & { readonly bodies: readonly Term[] } {
  const { factory } = elaborator;
  const variables: Term[] = [];
  const bodies: Term[] = [];
  const group: RecursiveGroup = { variables, bodies };
  definitions.forEach(({ name }, index) => {
    variables.push(factory.variable(group, index, name, sorts[index], stage, growing));
  });
  const inner = open(variables.map((term) => ({ kind: 'term', term })));
  definitions.forEach(({ value }, index) => {
    bodies.push(toSort(factory, elaborator.evaluate(value, inner), sorts[index], value.span));
  });
  return group;
}

/** What each definition is when those whose sort is not known yet are empty; a relation if that never tells. */
function findSorts(elaborator: ExpressionElaborator, definitions: readonly Definition[], open: Open): Sort[] {
  const { factory } = elaborator;
  const sorts: (Sort | undefined)[] = definitions.map(() => undefined);
  for (let found = true; found && sorts.includes(undefined); ) {
    found = false;
    const inner = open(
      sorts.map((sort) => (sort ? { kind: 'term', term: factory.empty(sort) } : { kind: 'empty' })),
    );
    definitions.forEach(({ name, value: expression }, index) => {
      if (sorts[index]) return;
      const value = elaborator.evaluate(expression, inner);
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
