import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { COHERENCE, PROGRAM, printTerm, READS_FROM, type Term } from '../../src/cat/index.js';
import { runs } from '../seed.js';
import { arbitraryEnvironments, arbitraryTrees, changed } from './arbitrary-terms.js';
import { load, termOf, textOf } from './loading.js';
import { type Environment, evaluate, isSubset, type Tree } from './naive.js';

/** Sets stand in brackets: an expression such as `_` alone would be read as a relation. */
const anyTree = fc.oneof(
  arbitraryTrees().relation,
  arbitraryTrees().set.map((set): Tree => ({ sort: 'relation', operator: 'identity', args: [set] })),
);

describe('terms', () => {
  it.each([
    ['po | rf | po', 'po | rf'],
    ['rf | (po | co)', 'po | rf | co'],
    ['po & (loc & po)', 'po & loc'],
    ['po | id', 'po?'],
    ['po? | rf', '(po | rf)?'],
    ['(po+)?', 'po*'],
    ['(po?)+', 'po*'],
    ['(po*)*', 'po*'],
    ['po ; 0', '0'],
    ['po ; id', 'po'],
    ['po ; (rf ; co)', 'po ; rf ; co'],
    ['[R] ; [M] ; po', '[R & M] ; po'],
    ['po ; [R] ; [M]', 'po ; [R & M]'],
    ['(rf^-1)^-1', 'rf'],
    ['loc^-1', 'loc'],
    ['(R * W)^-1', 'W * R'],
    ['~~po', 'po'],
    ['po & ~rf', 'po \\ rf'],
    ['po \\ rf \\ co', 'po \\ (rf | co)'],
    ['po \\ po', '0'],
    ['_ \\ W', '~W'],
    ['R & _', 'R'],
    ['R | _', '_'],
    ['[_]', 'id'],
    ['domain([R])', 'R'],
    ['domain(po^-1)', 'range(po)'],
    ['domain(po*)', '_'],
    ['R \\ 0', 'R'],
    ['po | {}', 'po'],
  ])('simplifies %s to %s', (written, simplified) => {
    expect(printTerm(termOf(written))).toBe(
      simplified.replaceAll('po | rf | co', printTerm(termOf('po | rf | co'))),
    );
  });

  it('are one object when they are equal', () => {
    const { checks } = load('empty (po | rf) ; co\nempty (rf | po) ; co as again');
    expect(checks[0].term).toBe(checks[1].term);
  });

  it('of a sequence are one object, in whatever brackets it is written', () => {
    const operands = fc.array(fc.constantFrom('po', 'rf', 'co', '[R]', '[M]', 'rf^-1', 'loc'), {
      minLength: 2,
      maxLength: 7,
    });
    const brackets = fc.infiniteStream(fc.nat());
    const join = (all: readonly string[], choices: Iterator<number>): string => {
      if (all.length === 1) return all[0];
      const at = 1 + ((choices.next().value as number) % (all.length - 1));
      return `(${join(all.slice(0, at), choices)} ; ${join(all.slice(at), choices)})`;
    };
    fc.assert(
      fc.property(operands, brackets, brackets, (all, first, second) => {
        const { checks } = load(`empty ${join(all, first)}\nempty ${join(all, second)} as again`);
        expect(checks[0].term).toBe(checks[1].term);
      }),
      runs(200),
    );
  });

  it.each([
    ['co ; po ; loc', ['co', 'po ; loc']],
    ['co ; po ; rf ; loc', ['co', 'po ; rf ; loc']],
    ['po ; co ; rf', ['po ; co', 'rf']],
    ['co ; po ; co', ['co ; po', 'co']],
  ])('of %s are composed of %j: what is known first is composed first', (written, parts) => {
    const { operator, args } = termOf(written);
    expect(operator).toBe('compose');
    expect(args.map(printTerm)).toEqual(parts);
  });

  it('inside a recursion are made of what is outside of it in one piece', () => {
    const { checks } = load('let rec r = po | r ; (co ; rf) ; r\nempty r');
    const [body] = checks[0].term.group?.bodies ?? [];
    const [sequence] = body.args.filter(({ operator }) => operator === 'compose');
    expect(sequence.args[0].args.map(printTerm)).toEqual(['r', 'co ; rf']);
  });

  it('are numbered densely, arguments first, and only those that a check needs', () => {
    const { terms, checks } = load('let unused = addr ; data\nlet rec r = po | r ; rf\nacyclic r');
    terms.forEach((term, index) => {
      expect(term.id).toBe(index);
      for (const arg of term.args) expect(terms.slice(0, index)).toContain(arg);
    });
    expect(terms.map(({ name }) => name)).not.toContain('addr');
    expect(checks[0].term).toBe(terms[terms.length - 1]);
    expect(checks[0].term.group?.bodies.every((body) => terms[body.id] === body)).toBe(true);
  });

  it.each([
    ['po', PROGRAM, true],
    ['rf', READS_FROM, true],
    ['co', COHERENCE, true],
    ['FW', COHERENCE, false],
    ['~po', PROGRAM, true],
    ['~rf', READS_FROM, false],
    ['po \\ rf', READS_FROM, false],
    ['rf \\ po', READS_FROM, true],
    ['po \\ (po \\ rf)', READS_FROM, true],
    ['rf^-1 ; co', COHERENCE, true],
    ['po ; [~domain(rf)]', READS_FROM, false],
  ])('%s has stage %i and growing %s', (written, stage, growing) => {
    expect(termOf(written)).toMatchObject({ stage, growing });
  });

  it('of a recursive definition are as late as the latest of its group', () => {
    const { checks } = load('let rec a = po | b and b = a ; (co \\ rf)\nempty a\nempty b');
    for (const { term } of checks)
      expect(term).toMatchObject({ stage: COHERENCE, growing: false, operator: 'recursive' });
    const [a] = load('let rec a = po | a ; rf\nempty a').checks;
    expect(a.term).toMatchObject({ stage: READS_FROM, growing: true });
    expect(a.term.group?.variables[0]).toMatchObject({
      stage: READS_FROM,
      growing: true,
      operator: 'variable',
    });
  });

  it('of a `let rec` without recursion are plain', () => {
    expect(printTerm(load('let rec a = po | rf\nempty a').checks[0].term)).toBe(printTerm(termOf('po | rf')));
  });

  it('mean what was written', () => {
    fc.assert(
      fc.property(anyTree, arbitraryEnvironments(), (tree, environment) => {
        expect(evaluate(termOf(textOf(tree)), environment)).toEqual(evaluate(tree, environment));
      }),
      runs(300),
    );
  });

  it('do not change before their stage', () => {
    fc.assert(
      fc.property(treesInChangedEnvironments(false), ([tree, before, after]) => {
        const term = termOf(textOf(tree));
        const sameReads: Environment = { ...after, bases: { ...after.bases, rf: before.bases.rf } };
        if (term.stage === PROGRAM) expect(evaluate(term, after)).toEqual(evaluate(term, before));
        if (term.stage <= READS_FROM) expect(evaluate(term, sameReads)).toEqual(evaluate(term, before));
      }),
      runs(200),
    );
  });

  it('that are growing grow with rf and co', () => {
    fc.assert(
      fc.property(treesInChangedEnvironments(true), ([tree, before, after]) => {
        const term = termOf(textOf(tree));
        if (term.growing) expect(isSubset(evaluate(term, before), evaluate(term, after))).toBe(true);
      }),
      runs(300),
    );
  });
});

describe('recursive definitions', () => {
  const variables: Tree[] = [
    { sort: 'relation', operator: 'variable', args: [], name: 'r' },
    { sort: 'set', operator: 'variable', args: [], name: 'S' },
  ];
  const { relation, set } = arbitraryTrees(variables);

  it('mean their least fixpoint', () => {
    // The unions keep the sorts evident.
    const bodies = fc.tuple(
      relation.map((tree): Tree => union(tree, { sort: 'relation', operator: 'base', args: [], name: 'po' })),
      set.map((tree): Tree => union(tree, { sort: 'set', operator: 'base', args: [], name: 'R' })),
    );
    fc.assert(
      fc.property(bodies, arbitraryEnvironments(), (both, environment) => {
        const [r, S] = both.map(textOf);
        const { checks } = load(`let rec r = ${r} and S = ${S}\nempty r\nempty S`);
        both.forEach((body, index) => {
          const whole: Tree = {
            ...body,
            operator: 'recursive',
            args: [],
            group: { variables, bodies: both },
            index,
          };
          expect(evaluate(checks[index].term, environment)).toEqual(evaluate(whole, environment));
        });
      }),
      runs(300),
    );
  });

  it('inside each other are solved as one group', () => {
    const nested = 'let rec a = po | (let rec b = (a ; rf) | (b ; co) in b)\nempty a';
    const flat = 'let rec a = po | b and b = (a ; rf) | (b ; co)\nempty a';
    const [first, second] = [nested, flat].map((text) => load(text).checks[0].term);
    expect(first.group?.variables.map(({ name, index }) => [name, index])).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
    fc.assert(
      fc.property(arbitraryEnvironments(), (environment) => {
        expect(evaluate(first, environment)).toEqual(evaluate(second, environment));
      }),
      runs(100),
    );
  });
});

function union(...args: Tree[]): Tree {
  return { sort: args[0].sort, operator: 'union', args };
}

/** A tree, an environment, and the same with other rf, co and FW. */
function treesInChangedEnvironments(growing: boolean): fc.Arbitrary<[Tree | Term, Environment, Environment]> {
  return fc
    .tuple(anyTree, arbitraryEnvironments())
    .chain(([tree, before]) =>
      changed(before, ['rf', 'co', 'FW'], growing).map((after): [Tree, Environment, Environment] => [
        tree,
        before,
        after,
      ]),
    );
}
