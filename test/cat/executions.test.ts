import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { loadModel, type Model } from '../../src/cat/index.js';
import { type CheckResult, check } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { runs } from '../seed.js';
import { arbitraryTrees } from './arbitrary-terms.js';
import { load, loadShipped, shipped, textOf } from './loading.js';

/** Two threads write x, and one of them reads it and y. */
const text = `X86 test
{ x=0; y=0; }
 P0         | P1          ;
 MOV [x],$1 | MOV [x],$2  ;
 MOV [y],$1 | MOV EAX,[y] ;
            | MOV EBX,[x] ;
exists (1:EAX=1 /\\ 1:EBX=2)`;

const test = parseLitmus(new Source('test.litmus', text));

function count(model: Model): CheckResult {
  return check(test, model, { question: 'count' });
}

const numbers = (model: Model): [number, number] => {
  const { positive, negative } = count(model);
  return [positive, negative];
};

/** Total orders per location, written out in the language. */
const orders = [
  'let rec each-order S = match S with || {} -> {} || s ++ rest -> linearisations(s, before) ++ each-order rest end',
  'let rec pick (found, one, S) = match S with',
  '  || {} -> one ++ found',
  '  || first ++ rest -> let rec among (found, first) = match first with',
  '      || {} -> found',
  '      || o ++ others -> among (pick (found, o | one, rest), others) end in among (found, first)',
  'end',
  'let all = pick ({}, 0, each-order (classes-loc W))',
].join('\n');

describe('the executions of a program', () => {
  const sc = 'acyclic po | rf | co | fr as sc\n';

  it('are those of the search for any generator of what co can be', () => {
    const wanted = numbers(load(sc));
    expect(wanted).toEqual([1, 4]);
    expect(numbers(load(`with co from generate_cos(co0)\nlet fr = rf^-1; co\n${sc}`))).toEqual(wanted);
    const written = load(`let before = co0\n${orders}\nwith co from all\nlet fr = rf^-1; co\n${sc}`);
    expect(written.choices).toEqual([]);
    expect(numbers(written)).toEqual(wanted);
  });

  it('are those of the search when the order is a choice', () => {
    // Each execution of the search has one co for which the choice is the same.
    const chosen = load(`with o from linearisations(W, 0)\nempty (o & loc) \\ co\nempty o & po^-1\n${sc}`);
    expect(chosen.choices).toHaveLength(1);
    expect(count(chosen).states).toHaveLength(count(load(sc)).states.length);
  });

  it('are counted once for each choice, whenever it can be made', () => {
    const [positive, negative] = numbers(load(sc));
    const twice = (generator: string) => numbers(load(`with c from ${generator}\n${sc}`));
    expect(twice('{po, po^-1}')).toEqual([2 * positive, 2 * negative]);
    expect(twice('{rf, po}')).toEqual([2 * positive, 2 * negative]);
    expect(twice('{co, po}')).toEqual([2 * positive, 2 * negative]);
    expect(numbers(load(`with c from {po, po^-1}\nwith d from {co, c}\n${sc}`))).toEqual([
      4 * positive,
      4 * negative,
    ]);
    expect(twice('{}')).toEqual([0, 0]);
  });

  it('are only those in which co holds what its generator asks for', () => {
    const first = 'let of(n) = W & range([n]; po)';
    expect(first).toBeDefined();
    const against = load(
      `with co from generate_cos(co0 | (W * W) & loc & ext & ~(_ * IW) & ~(IW * _) & (domain(po & (W * R)) * _))\n${sc}`,
    );
    const [positive, negative] = numbers(load(sc));
    const [some, others] = numbers(against);
    expect(some + others).toBeLessThan(positive + negative);
    expect(some + others).toBeGreaterThan(0);
    expect(numbers(load(`with co from generate_cos(co0 | co^-1)\n${sc}`))).toEqual([0, 0]);
  });

  it('may order more than the writes', () => {
    const more = load('let W = W | R\nwith co from generate_orders(W, co0 | rf)\nacyclic co | po-loc as co');
    expect(more.ordered).toBeDefined();
    // y: after the initial write, the write and the read in either order, but the write first if it is read:
    // 3 ways. x: the read after its thread's write and after its source, the other write anywhere: 3 + 3 + 2
    // ways.
    expect(count(more).positive + count(more).negative).toBe(3 * 8);
  });

  it('stop at an assertion that one of them fails', () => {
    expect(numbers(load(`${sc}assert empty rf & po & (IW * _) as fine`))).toEqual(numbers(load(sc)));
    expect(() => count(load(`${sc}assert empty rf & ext as odd`))).toThrow(
      /^test\.cat:2:1: an execution of this program fails the assertion `odd`\n/,
    );
  });

  it('raise flags from values', () => {
    expect(
      count(
        load(`${sc}flag ~empty different-values(rf) as differ\nflag ~empty different-values(co) as change`),
      ).flags,
    ).toEqual(['change']);
  });

  it('are the same with checks that prune and with the same checks at the end', () => {
    const { relation } = arbitraryTrees();
    const kinds = fc.constantFrom('acyclic', 'irreflexive', 'empty');
    fc.assert(
      fc.property(relation, kinds, (tree, kind) => {
        const written = textOf(tree);
        const early = load(`${kind} ${written} as c\n${sc}`);
        // A name from a choice among one relation, on each execution, says nothing of how the term grows.
        const late = load(
          `let rec same r = match r with || {} -> 0 || p ++ rest -> p ++ same rest end\n${kind} same((${written}) & unv) as c\n${sc}`,
        );
        expect(numbers(early)).toEqual(numbers(late));
      }),
      runs(100),
    );
  });

  it('under a model that ships do not change with the tags that it looks for', () => {
    const model = loadShipped('i386');
    const whole = loadModel('i386', shipped('i386.cat') as string, { include: shipped });
    expect(numbers(model)).toEqual(numbers({ ...whole, tags: [], without: () => whole }));
  });
});
