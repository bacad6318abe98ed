import type { Operator, RecursiveGroup, Sort } from '../../src/cat/index.js';

/**
 * What terms mean, in the plainest way: a set is a set of numbers, a relation a set of pairs. Both a term and
 * an expression that was never simplified can be read as a `Tree`.
 */
export interface Tree {
  readonly sort: Sort;
  readonly operator: Operator;
  readonly args: readonly Tree[];
  readonly name?: string;
  readonly group?: { readonly variables: readonly Tree[]; readonly bodies: readonly Tree[] } | RecursiveGroup;
  readonly index?: number;
}

/** Members as text: `3` of a set, `3,4` of a relation. */
export type Value = ReadonlySet<string>;

export interface Environment {
  /** Events are the numbers below this. */
  readonly events: number;
  readonly bases: Readonly<Record<string, Value>>;
  /** Values of recursive variables. */
  readonly variables?: ReadonlyMap<Tree, Value>;
}

const pair = (a: number | string, b: number | string): string => `${a},${b}`;
const ends = (member: string): [string, string] => member.split(',') as [string, string];
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** What was evaluated in an environment: terms have parts in common. */
const known = new WeakMap<Environment, Map<Tree, Value>>();

export function evaluate(tree: Tree, environment: Environment): Value {
  const values = known.get(environment) ?? new Map<Tree, Value>();
  known.set(environment, values);
  const value = values.get(tree) ?? compute(tree, environment);
  values.set(tree, value);
  return value;
}

function compute(tree: Tree, environment: Environment): Value {
  const everything = tree.sort === 'set' ? allEvents(environment) : allPairs(environment);
  const [a, b] = tree.operator === 'recursive' ? [] : tree.args.map((arg) => evaluate(arg, environment));
  switch (tree.operator) {
    case 'base':
      return baseValue(tree.name as string, environment);
    case 'variable':
      return environment.variables?.get(tree) ?? new Set();
    case 'recursive':
      return leastFixpoint(tree, environment);
    case 'empty':
      return new Set();
    case 'union':
      return new Set(tree.args.flatMap((arg) => [...evaluate(arg, environment)]));
    case 'intersection': {
      const values = tree.args.map((arg) => evaluate(arg, environment));
      return filter(everything, (member) => values.every((value) => value.has(member)));
    }
    case 'difference':
      return filter(a, (member) => !b.has(member));
    case 'complement':
      return filter(everything, (member) => !a.has(member));
    case 'compose':
      return compose(a, b);
    case 'inverse':
      return map(a, ([from, to]) => pair(to, from));
    case 'plus':
      return closure(a);
    case 'star':
      return closure(new Set([...a, ...identity(environment)]));
    case 'optional':
      return new Set([...a, ...identity(environment)]);
    case 'identity':
      return map(a, ([event]) => pair(event, event));
    case 'product':
      return new Set([...a].flatMap((from) => [...b].map((to) => pair(from, to))));
    case 'domain':
      return map(a, ([from]) => from);
    case 'range':
      return map(a, ([, to]) => to);
    case 'dynamic':
    case 'choice':
      throw new Error(`no plain meaning for a term that is ${tree.operator}`);
  }
}

export function isSubset(a: Value, b: Value): boolean {
  return [...a].every((member) => b.has(member));
}

export function isAcyclic(relation: Value): boolean {
  return [...closure(relation)].every((member) => ends(member)[0] !== ends(member)[1]);
}

function baseValue(name: string, environment: Environment): Value {
  if (name === '_') return allEvents(environment);
  if (name === 'id') return identity(environment);
  const value = environment.bases[name];
  if (!value) throw new Error(`no value for ${name}`);
  return value;
}

function leastFixpoint({ group, index }: Tree, environment: Environment): Value {
  if (!group) throw new Error('a recursive term without its group');
  let values: Value[] = group.variables.map(() => new Set<string>());
  for (;;) {
    const variables = new Map(environment.variables);
    group.variables.forEach((variable, at) => void variables.set(variable, values[at]));
    const next = group.bodies.map((body) => evaluate(body, { ...environment, variables }));
    if (next.every((value, at) => value.size === values[at].size)) return next[index as number];
    values = next;
  }
}

function closure(relation: Value): Value {
  let all = relation;
  for (;;) {
    const more = new Set([...all, ...compose(all, relation)]);
    if (more.size === all.size) return all;
    all = more;
  }
}

function compose(a: Value, b: Value): Value {
  const successors = new Map<string, string[]>();
  for (const [from, to] of [...b].map(ends)) successors.set(from, [...(successors.get(from) ?? []), to]);
  return new Set(
    [...a].map(ends).flatMap(([from, to]) => (successors.get(to) ?? []).map((end) => pair(from, end))),
  );
}

const allEvents = ({ events }: Environment): Value => new Set(numbers(events).map(String));
const identity = ({ events }: Environment): Value =>
  new Set(numbers(events).map((event) => pair(event, event)));
const allPairs = ({ events }: Environment): Value =>
  new Set(numbers(events).flatMap((from) => numbers(events).map((to) => pair(from, to))));

const filter = (value: Value, keep: (member: string) => boolean): Value => new Set([...value].filter(keep));
const map = (value: Value, change: (ends: [string, string]) => string): Value =>
  new Set([...value].map((member) => change(ends(member))));
