import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Evaluator, type Model, type Operator, type Plan, planOf } from '../../src/cat/index.js';
import { relationsOver, setsOver } from '../relation/arbitrary.js';
import { membersOf, pairsOf } from '../relation/oracle.js';
import { runs } from '../seed.js';
import { arbitraryEnvironments, arbitraryTrees, changed } from './arbitrary-terms.js';
import { load, textOf } from './loading.js';
import { type Environment, evaluate, type Tree, type Value } from './naive.js';
import { fill, members, outcomes } from './planned.js';

const { relation } = arbitraryTrees();
const inside = arbitraryTrees([
  { sort: 'relation', operator: 'variable', args: [], name: 'r' },
  { sort: 'set', operator: 'variable', args: [], name: 'S' },
]);

/** Models with several relations, or with a recursion and what is made of it. */
const models: fc.Arbitrary<Model> = fc.oneof(
  fc
    .array(relation, { minLength: 2, maxLength: 5 })
    .map((trees) => load(trees.map((tree) => `empty ${textOf(tree)}`).join('\n'))),
  fc
    .tuple(inside.relation, inside.set, relation)
    .map(([r, S, other]) =>
      load(
        `let rec r = po | rf; [S]; r | ${textOf(r)} and S = R | domain(r) & FW | ${textOf(S)}\nempty r; [S]; co?\nempty (${textOf(other)}) & r`,
      ),
    ),
);

const node = (operator: Operator, ...args: Tree[]): Tree => ({ sort: 'relation', operator, args });
const po: Tree = { ...node('base'), name: 'po' };

const sets = ['R', 'W', 'M', 'FW'];
const relations = ['po', 'rf', 'co'];
const symmetric = ['loc', 'int', 'ext', 'different-values'];

function environmentsOver(events: number): fc.Arbitrary<Environment> {
  const values: Record<string, fc.Arbitrary<Value>> = {};
  for (const name of sets) values[name] = setsOver(events).map((set) => new Set(membersOf(set).map(String)));
  const pairs = relationsOver(events).map(pairsOf);
  for (const name of relations) values[name] = pairs.map((all) => new Set(all.map(String)));
  for (const name of symmetric)
    values[name] = pairs.map((all) => new Set(all.flatMap(([i, j]) => [`${i},${j}`, `${j},${i}`])));
  return fc.record(values).map((bases) => ({ events, bases }));
}

/** Two graphs of so many events that a row has one word, two or three. */
const graphs = fc
  .constantFrom(2, 4, 6, 31, 33, 40, 65, 70)
  .chain((events) => fc.tuple(environmentsOver(events), environmentsOver(events)));

/**
 * What a search does: turns some pairs of rf and co and members of FW, and runs some of the lists, in their
 * order.
 */
interface Move {
  readonly rf: readonly Pair[];
  readonly co: readonly Pair[];
  readonly FW: readonly number[];
  readonly lists: readonly boolean[];
  /** Whether a fixpoint is gone through in between, to be explained. */
  readonly explained: boolean;
}

type Pair = readonly [number, number];

// Few pairs: what has been turned is often turned back.
const event = fc.oneof(fc.nat(3), fc.nat());
const pairs = fc.array(fc.tuple(event, event), { maxLength: 3 });
const often = fc.constantFrom(true, true, true, false);
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    rf: pairs,
    co: pairs,
    FW: fc.array(event, { maxLength: 1 }),
    lists: fc.array(often, { minLength: 4, maxLength: 4 }),
    explained: fc.boolean(),
  }),
  { maxLength: 10 },
);

/** Turns members: those that are there go, the others come. */
function turn(value: Value, members: readonly string[]): Value {
  const turned = new Set(value);
  for (const member of members) if (!turned.delete(member)) turned.add(member);
  return turned;
}

const listsOf = ({ steps }: Plan) => [
  steps.pruneReads,
  steps.pruneCoherence,
  steps.finalReads,
  steps.finalCoherence,
];

function fillLate(evaluator: Evaluator, environment: Environment): void {
  const { plan } = evaluator;
  fill(evaluator, 'rf', plan.rf, environment);
  fill(evaluator, 'co', plan.co, environment);
  if (plan.finalWrites >= 0) fill(evaluator, 'FW', plan.finalWrites, environment);
  if (plan.differentValues >= 0) fill(evaluator, 'different-values', plan.differentValues, environment);
}

function begin(evaluator: Evaluator, environment: Environment): void {
  for (const { name, slot } of evaluator.plan.bases) fill(evaluator, name, slot, environment);
  evaluator.begin();
}

/** The words of each slot's value. */
function slotsOf({ m, n, w, offsets, plan }: Evaluator): Int32Array[] {
  return plan.slots.map(({ sort }, slot) =>
    m.slice(offsets[slot], offsets[slot] + (sort === 'set' ? w : n * w)),
  );
}

/** All slots as an evaluator makes them that does so for the first time. */
function afresh(plan: Plan, environment: Environment): Int32Array[] {
  const evaluator = new Evaluator(plan, environment.events);
  begin(evaluator, environment);
  fillLate(evaluator, environment);
  for (const list of listsOf(plan)) evaluator.run(list);
  return slotsOf(evaluator);
}

/** Goes through moves on a graph; `visit` is called when all lists have been run on an environment. */
function follow(
  evaluator: Evaluator,
  graph: Environment,
  path: readonly Move[],
  visit: (environment: Environment) => void,
): void {
  const lists = listsOf(evaluator.plan);
  const groups = lists.flatMap((list) => list.flatMap(({ group }) => group ?? []));
  const last: Move = { rf: [], co: [], FW: [], lists: lists.map(() => true), explained: false };
  let environment = graph;
  begin(evaluator, graph);
  for (const move of [...path, last]) {
    const { bases, events } = environment;
    const some = (all: readonly Pair[]) => all.map(([i, j]) => `${i % events},${j % events}`);
    const rf = turn(bases.rf, some(move.rf));
    const co = turn(bases.co, some(move.co));
    const FW = turn(
      bases.FW,
      move.FW.map((i) => String(i % events)),
    );
    environment = { events, bases: { ...bases, rf, co, FW } };
    fillLate(evaluator, environment);
    lists.forEach((list, index) => {
      if (move.lists[index]) evaluator.run(list);
    });
    if (move.explained) for (const group of groups) evaluator.fixpoint(group, () => undefined);
    if (move.lists.every(Boolean)) visit(environment);
  }
}

describe('steps done only where something has changed', () => {
  it('give what all steps give, on one graph after the other, for rows of one word, two and three', () => {
    fc.assert(
      fc.property(models, graphs, moves, moves, (model, [first, second], some, more) => {
        const plan = planOf(model);
        const evaluator = new Evaluator(plan, first.events);
        for (const [graph, path] of [
          [first, some],
          [second, more],
          [first, more],
        ] as const) {
          follow(evaluator, graph, path, (environment) => {
            expect(slotsOf(evaluator)).toEqual(afresh(plan, environment));
          });
        }
      }),
      runs(60),
    );
  });

  it('give each term the value that its definition has, also what the interpreter computes', () => {
    // The same relation, taken apart and put together again.
    const copy = 'let rec copy r = match r with || {} -> 0 || e ++ rest -> e ++ copy rest end';
    const trees = fc.array(relation, { minLength: 1, maxLength: 4 });
    const small = graphs.filter(([{ events }]) => events <= 6);
    fc.assert(
      fc.property(trees, small, moves, (all, [graph], path) => {
        const plan = planOf(
          load(
            `${copy}\n${all.map((tree) => `empty ${textOf(tree)}\nempty copy((${textOf(tree)}) \\ po)?`).join('\n')}`,
          ),
        );
        const evaluator = new Evaluator(plan, graph.events);
        follow(evaluator, graph, path, (environment) => {
          const values = plan.model.checks.map(({ term }) => members(evaluator, term.id, term.sort));
          const expected = all.flatMap((tree) => [
            evaluate(tree, environment),
            evaluate(node('optional', node('difference', tree, po)), environment),
          ]);
          expect(values).toEqual(expected);
        });
      }),
      runs(100),
    );
  });

  it('follow the choices that a model makes of the program, and of a complete execution', () => {
    const trees = fc.tuple(relation, relation);
    const several = arbitraryEnvironments().chain((environment) =>
      fc.tuple(fc.constant(environment), changed(environment, ['rf', 'co', 'FW'], false)),
    );
    let most = 0;
    fc.assert(
      fc.property(trees, several, ([a, b], [first, second]) => {
        const model = load(
          [
            'with o from linearisations(W, po)',
            'with p from linearisations(M, rf)',
            `empty o; (${textOf(a)}) | p`,
            `flag ~empty (${textOf(b)}) & (p | o; p) as some`,
          ].join('\n'),
        );
        const evaluator = new Evaluator(planOf(model), first.events);
        for (const environment of [first, second, first]) {
          const found = outcomes(model, environment, evaluator);
          expect(found).toEqual(outcomes(model, environment));
          most = Math.max(most, found.length);
        }
      }),
      runs(200),
    );
    expect(most).toBeGreaterThan(10);
  });
});
