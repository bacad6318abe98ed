import { describe, expect, it } from '@jest/globals';
import { ArenaPool } from '../../src/axiomatic/candidate/arena-pool.js';
import { pathDependence } from '../../src/axiomatic/candidate/path-dependence.js';
import { allowedCircles } from '../../src/axiomatic/thin-air/allowed-circles.js';
import { type Model, planOf } from '../../src/cat/index.js';
import { unfoldProgram } from '../../src/execution/index.js';
import { binary, constant, type Instruction, type Program } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { modelOf } from '../oracle/asking.js';
import { assign, branch, load, program, r, rmw, store } from '../oracle/code.js';

/** The locations that can hold what only circles bring about, by name; undefined where there is nothing to ask the model. */
function circularIn(one: Program, model: Model): string[] | undefined {
  let found: string[] | undefined;
  unfoldProgram(one, { unroll: 2 }, (speculation) => {
    const cells = allowedCircles(speculation, new ArenaPool(planOf(model)), pathDependence(model));
    found = [...cells].map((cell) => one.cells[cell].name).sort();
    return cells;
  });
  return found;
}

const isOne = (index: number) => binary('==', r(index), constant(1));
/** Stores 1 inside the branch, or stores after it what the branch has chosen. */
const inside = (from: string, to: string): Instruction[] => [
  load(0, from),
  branch(binary('==', isOne(0), constant(0)), 3),
  store(to, 1),
];
const after = (from: string, to: string): Instruction[] => [
  load(0, from),
  branch(binary('==', isOne(0), constant(0)), 3),
  assign(1, 1),
  store(to, r(1)),
];
const ring = (link: typeof inside): Program =>
  program({ cells: { x: 0, y: 0, z: 0 }, threads: [link('x', 'y'), link('y', 'z'), link('z', 'x')] });

const coherent = modelOf('coherent', 'acyclic po-loc | rf | co | fr');

describe('the circles that a model allows', () => {
  it.each([
    ['inside a branch', inside],
    ['after it', after],
  ] as const)('are told for stores %s', (_, link) => {
    expect(circularIn(ring(link), coherent)).toEqual(['x', 'y', 'z']);
    for (const name of ['sc', 'i386', 'pso']) expect(circularIn(ring(link), shippedModel(name))).toEqual([]);
  });

  it('do not lead through what the model orders by dependencies', () => {
    const model = modelOf('dependent', 'acyclic po-loc | rf | co | fr\nacyclic addr | data | ctrl | rf');
    expect(circularIn(ring(inside), model)).toEqual([]);
    expect(circularIn(ring(after), model)).toEqual(['x', 'y', 'z']);
    expect(circularIn(ring(inside), shippedModel('alpha-linux'))).toEqual([]);
  });

  it('are not forbidden by checks each of which orders some of the steps', () => {
    const one = ring(inside);
    const halves = modelOf('halves', 'acyclic (ctrl & R * W) | rfi\nacyclic rfe | co');
    expect(circularIn(one, halves)).toEqual(['x', 'y', 'z']);
    expect(circularIn(one, modelOf('whole', 'acyclic (ctrl & R * W) | rfi | rfe | co'))).toEqual([]);
  });

  it('are forbidden by what is taken away only where that is known of the two paths alone', () => {
    const one = ring(inside);
    expect(circularIn(one, modelOf('known', 'acyclic (ctrl \\ loc) | rf'))).toEqual([]);
    // More events could make the composition larger, and what is left less.
    expect(circularIn(one, modelOf('unknown', 'acyclic (ctrl \\ (rf; rf^-1; po)) | rf'))).toEqual([
      'x',
      'y',
      'z',
    ]);
    expect(circularIn(one, modelOf('global', 'acyclic (ctrl \\ (po; ext; po; ext)) | rf'))).toEqual([
      'x',
      'y',
      'z',
    ]);
  });

  it('are not looked for where nothing goes by more than is there without them', () => {
    const written = program({
      cells: { x: 0, y: 0 },
      threads: [inside('x', 'y'), inside('y', 'x'), [store('x', 1)]],
    });
    expect(circularIn(written, coherent)).toBeUndefined();
  });

  it('do not lead through a counter under coherence', () => {
    const count = rmw(0, 'x', binary('+', r(0), constant(1)));
    const counting = [count, branch(binary('==', r(0), constant(100)), 3), store('y', 1)];
    const one = program({ cells: { x: 0, y: 0 }, threads: [counting, counting] });
    expect(circularIn(one, coherent)).toEqual([]);
    expect(circularIn(one, modelOf('any', 'acyclic co'))).toEqual(['x']);
  });
});
