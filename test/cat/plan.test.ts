import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { explainPlan, planOf } from '../../src/cat/index.js';
import { runs } from '../seed.js';
import { arbitraryEnvironments, arbitraryTrees } from './arbitrary-terms.js';
import { load, textOf } from './loading.js';
import { evaluate, type Tree } from './naive.js';
import { outcomes } from './planned.js';

const { relation, set } = arbitraryTrees();

describe('a plan', () => {
  it('gives each term the value that its definition has', () => {
    fc.assert(
      fc.property(
        fc.array(relation, { minLength: 1, maxLength: 4 }),
        arbitraryEnvironments(),
        (trees, environment) => {
          const model = load(trees.map((tree) => `empty ${textOf(tree)}`).join('\n'));
          const [{ values }] = outcomes(model, environment);
          expect(values).toEqual(trees.map((tree) => evaluate(tree, environment)));
        },
      ),
      runs(300),
    );
  });

  it('gives recursive terms the value that their definitions have', () => {
    const variables: Tree[] = [
      { sort: 'relation', operator: 'variable', args: [], name: 'r' },
      { sort: 'set', operator: 'variable', args: [], name: 'S' },
    ];
    const inside = arbitraryTrees(variables);
    const plus = (tree: Tree, name: string): Tree => ({
      sort: tree.sort,
      operator: 'union',
      args: [tree, { sort: tree.sort, operator: 'base', args: [], name }],
    });
    const bodies = fc.tuple(
      inside.relation.map((tree) => plus(tree, 'po')),
      inside.set.map((tree) => plus(tree, 'R')),
    );
    fc.assert(
      fc.property(bodies, relation, arbitraryEnvironments(), (both, other, environment) => {
        const [r, S] = both.map(textOf);
        const model = load(
          `let rec r = ${r} and S = ${S}\nempty r\nempty S\nempty r; (${textOf(other)}); [S]`,
        );
        const [{ values }] = outcomes(model, environment);
        const solved = both.map((body, index): Tree => {
          const group = { variables, bodies: both };
          return { sort: body.sort, operator: 'recursive', args: [], group, index };
        });
        const [first, second] = solved;
        const inner: Tree = { sort: 'relation', operator: 'identity', args: [second] };
        const joined: Tree = { sort: 'relation', operator: 'compose', args: [first, other] };
        const last: Tree = { sort: 'relation', operator: 'compose', args: [joined, inner] };
        expect(values).toEqual([first, second, last].map((tree) => evaluate(tree, environment)));
      }),
      runs(200),
    );
  });

  it('solves definitions in which several parts of one union depend on them', () => {
    const model = load('let rec r = po | r; r | r; rf | (r; co) & (R * W)\nempty r');
    fc.assert(
      fc.property(arbitraryEnvironments(), (environment) => {
        const term = model.checks[0].term;
        expect(outcomes(model, environment)[0].values[0]).toEqual(evaluate(term, environment));
      }),
      runs(200),
    );
  });

  it('gives what is computed on each execution the same value as what is computed as a term', () => {
    // The same relation, taken apart and put together again.
    const copy = 'let rec copy r = match r with || {} -> 0 || e ++ rest -> e ++ copy rest end';
    fc.assert(
      fc.property(relation, set, arbitraryEnvironments(), (tree, events, environment) => {
        const text = `${copy}\nempty copy((${textOf(tree)}) & unv); [domain(copy([${textOf(events)}]))]`;
        const model = load(text);
        const inner: Tree = { sort: 'relation', operator: 'identity', args: [events] };
        const whole: Tree = { sort: 'relation', operator: 'compose', args: [tree, inner] };
        expect(outcomes(model, environment)[0].values[0]).toEqual(evaluate(whole, environment));
      }),
      runs(300),
    );
  });

  it('computes nothing that no check needs', () => {
    const plan = planOf(load('let unused = addr; data\nacyclic po | rf'));
    expect(plan.bases.map(({ name }) => name)).toEqual(['po']);
    expect(plan.steps.program).toEqual([]);
  });

  it('of a model without a set has no trace of it', () => {
    const model = load('empty [X]; po; [MB]\nacyclic po | [X]; rf');
    expect(model.tags).toEqual(['X', 'MB']);
    const smaller = model.without(new Set(['X']));
    expect(smaller.tags).toEqual([]);
    expect(smaller.checks.map(({ term }) => term.operator)).toEqual(['empty', 'base']);
    expect(model.without(new Set(['X']))).toBe(smaller);
  });
});

describe('the explanation of a plan', () => {
  it('says what is computed when, which checks cut off, and what they share', () => {
    const sc =
      '"Sequential consistency"\nacyclic po | rf | co | fr as sc\nempty rmw & (fre; coe) as atomicity';
    expect(explainPlan(planOf(load(sc))).split('\n')).toEqual([
      'Sequential consistency: 12 terms, of which 2 serve more than one check',
      'From the program: ext po rmw',
      'Each time a read gets its write (rf grows): 1 step',
      '  #6 = rf^-1   (2 checks)',
      'Then, and each time two writes are ordered (co grows): 8 steps',
      '  #7 = #6 ; co   (2 checks)',
      '  #9 = po | rf | co | #7',
      '  #8 = ext & #7',
      '  #5 = ext & co',
      '  #10 = #8 ; #5',
      '  #11 = rmw & #10',
      '  cuts off: acyclic #9 as sc',
      '  cuts off: empty #11 as atomicity',
    ]);
  });

  it('shows recursion, choices, flags and assertions', () => {
    const text = explainPlan(
      planOf(
        load(
          [
            'let rec r = po | r; rf',
            'acyclic r as grown',
            'with o from linearisations(W, po)',
            'with p from linearisations(R, rf)',
            'acyclic o; p as ordered',
            'flag ~empty o & co as odd',
            'assert empty rf \\ loc as fine',
          ].join('\n'),
        ),
      ),
    );
    expect(text).toMatch(/ = the least solution of r = #\d+\n/);
    expect(text).toMatch(/\nChoice 1 of the program: #\d+, from W, po: \d+ steps?\n/);
    expect(text).toMatch(
      /\nChoice 1 of a complete execution: #\d+, from R, rf: 1 step\n.*\n {2}decides: acyclic #\d+ as ordered\n/,
    );
    expect(text).toMatch(
      /\nFlags of a consistent execution\n {2}~empty #\d+ as odd\nAssertions\n {2}empty #\d+ as fine$/,
    );
  });

  it('is the same each time', () => {
    const text = 'acyclic po | rf | co | fr as sc\nempty rmw & (fre; coe)';
    expect(explainPlan(planOf(load(text)))).toBe(explainPlan(planOf(load(text))));
  });
});
