import { describe, expect, it } from '@jest/globals';
import { FULL, STORES } from '../../src/arbitraries/index.js';
import {
  addressOf,
  binary,
  type Instruction,
  type Proposition,
  type Value,
} from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { ask } from '../oracle/asking.js';
import { branch, fence, load, program, r, rmw, store } from '../oracle/code.js';
import { all, cellIs, registerIs } from './statements.js';

/**
 * The shapes that every paper on memory models uses, with what is known of them. Names and answers: Alglave,
 * Maranget, Tautschnig, "Herding Cats" (2014); for x86, Owens, Sarkar, Sewell (2009); for Alpha, the
 * Architecture Handbook, 5.6.
 */
interface Shape {
  readonly name: string;
  readonly threads: readonly (readonly Instruction[])[];
  /** The outcome that no interleaving has, but where it says that all allow it. */
  readonly outcome: Proposition;
  /** The models that allow the outcome. */
  readonly allow: readonly string[];
  readonly why: string;
}

const models = ['sc', 'i386', 'pso', 'alpha-linux', 'alpha'];
const full = fence(...FULL);
const stores = fence(...STORES);
const zero = (index: number) => binary('^', r(index), r(index));
const [r10, r11] = [registerIs(1, 0, 0), registerIs(1, 1, 0)];

const shapes: readonly Shape[] = [
  {
    name: 'SB, store buffering',
    threads: [
      [store('x', 1), load(0, 'y')],
      [store('y', 1), load(0, 'x')],
    ],
    outcome: all(registerIs(0, 0, 0), r10),
    allow: ['i386', 'pso', 'alpha-linux', 'alpha'],
    why: 'both stores wait in a store buffer while the loads go ahead',
  },
  {
    name: 'SB with full fences',
    threads: [
      [store('x', 1), full, load(0, 'y')],
      [store('y', 1), full, load(0, 'x')],
    ],
    outcome: all(registerIs(0, 0, 0), r10),
    allow: [],
    why: 'the fence drains the buffer (handbook, 5.6.2.8)',
  },
  {
    name: 'SB with a full fence on one side',
    threads: [
      [store('x', 1), full, load(0, 'y')],
      [store('y', 1), load(0, 'x')],
    ],
    outcome: all(registerIs(0, 0, 0), r10),
    allow: ['i386', 'pso', 'alpha-linux', 'alpha'],
    why: 'one side that goes ahead is enough',
  },
  {
    name: 'SB with exchanges for stores',
    threads: [
      [rmw(1, 'x', 1), load(0, 'y')],
      [rmw(1, 'y', 1), load(0, 'x')],
    ],
    outcome: all(registerIs(0, 0, 0), r10),
    allow: ['alpha-linux', 'alpha'],
    why: 'a locked instruction is a full fence on x86; on Alpha, atomicity puts nothing in order',
  },
  {
    name: 'SB with a read of the own store before (SB+rfi-pos)',
    threads: [
      [store('x', 1), load(1, 'x'), load(0, 'y')],
      [store('y', 1), load(1, 'y'), load(0, 'x')],
    ],
    outcome: all(registerIs(0, 1, 1), registerIs(0, 0, 0), registerIs(1, 1, 1), r10),
    allow: ['i386', 'pso', 'alpha-linux', 'alpha'],
    why: 'the buffer is forwarded: the reason why rfi is no part of the order',
  },
  {
    name: 'MP, message passing',
    threads: [
      [store('x', 1), store('y', 1)],
      [load(0, 'y'), load(1, 'x')],
    ],
    outcome: all(registerIs(1, 0, 1), r11),
    allow: ['pso', 'alpha-linux', 'alpha'],
    why: 'TSO keeps stores in order and loads too (handbook, 5.6.2.4: allowed)',
  },
  {
    name: 'MP with a store fence',
    threads: [
      [store('x', 1), stores, store('y', 1)],
      [load(0, 'y'), load(1, 'x')],
    ],
    outcome: all(registerIs(1, 0, 1), r11),
    allow: ['alpha-linux', 'alpha'],
    why: 'PSO keeps loads in order, Alpha does not (handbook, 5.6.2.6)',
  },
  {
    name: 'MP with a store fence and a dependent load',
    threads: [
      [store('x', 1), stores, store('y', 1)],
      [load(0, 'y'), load(1, binary('+', addressOf('x'), zero(0)))],
    ],
    outcome: all(registerIs(1, 0, 1), r11),
    allow: ['alpha-linux', 'alpha'],
    why: 'a dependency does not order loads on Alpha: there is no row for it in table 5-1',
  },
  {
    name: 'MP with fences on both sides',
    threads: [
      [store('x', 1), stores, store('y', 1)],
      [load(0, 'y'), full, load(1, 'x')],
    ],
    outcome: all(registerIs(1, 0, 1), r11),
    allow: [],
    why: 'handbook, 5.6.2.7',
  },
  {
    name: 'MP where the writer reads its data back, and stores what it read',
    threads: [
      [store('x', 1), load(0, 'x'), store('y', r(0))],
      [load(0, 'y'), full, load(1, 'x')],
    ],
    outcome: all(registerIs(1, 0, 1), r11),
    allow: ['pso', 'alpha-linux', 'alpha'],
    why: 'the read is served by the store buffer, and takes effect before the store that it reads (handbook, 5.6.1.5)',
  },
  {
    name: 'LB, load buffering',
    threads: [
      [load(0, 'x'), store('y', 1)],
      [load(0, 'y'), store('x', 1)],
    ],
    outcome: all(registerIs(0, 0, 1), registerIs(1, 0, 1)),
    allow: ['alpha-linux', 'alpha'],
    why: 'no store passes a load but on Alpha',
  },
  {
    name: 'LB, of a store on the way not taken',
    threads: [
      [load(0, 'x'), store('y', binary('+', zero(0), { kind: 'constant', value: 1n }))],
      [load(0, 'y'), branch(r(0), 3), store('x', 2), store('x', 1)],
    ],
    outcome: all(registerIs(0, 0, 2), registerIs(1, 0, 1)),
    allow: [],
    why: 'store x=2 is not executed if y=1',
  },
  {
    name: 'LB+data+data',
    threads: [
      [load(0, 'x'), store('y', binary('+', zero(0), { kind: 'constant', value: 1n }))],
      [load(0, 'y'), store('x', r(0))],
    ],
    outcome: all(registerIs(0, 0, 1), registerIs(1, 0, 1)),
    allow: [],
    why: 'no causal loops (handbook, 5.6.1.7)',
  },
  {
    name: 'LB+data+mb',
    threads: [
      [load(0, 'x'), store('y', r(0))],
      [load(0, 'y'), full, store('x', 1)],
    ],
    outcome: all(registerIs(0, 0, 1), registerIs(1, 0, 1)),
    allow: ['alpha'],
    why: 'by the letter of 5.6.1.7 a dependency alone puts nothing BEFORE anything; Linux relies on more',
  },
  {
    name: '2+2W',
    threads: [
      [store('x', 1), store('y', 2)],
      [store('y', 1), store('x', 2)],
    ],
    outcome: all(cellIs(0, 1), cellIs(1, 1)),
    allow: ['pso', 'alpha-linux', 'alpha'],
    why: 'each first store comes last: needs stores out of order',
  },
  {
    name: 'S',
    threads: [
      [store('x', 2), store('y', 1)],
      [load(0, 'y'), store('x', 1)],
    ],
    outcome: all(registerIs(1, 0, 1), cellIs(0, 2)),
    allow: ['pso', 'alpha-linux', 'alpha'],
    why: 'needs stores out of order, or a store before a load',
  },
  {
    name: 'R',
    threads: [
      [store('x', 1), store('y', 1)],
      [store('y', 2), load(0, 'x')],
    ],
    outcome: all(r10, cellIs(1, 2)),
    allow: ['i386', 'pso', 'alpha-linux', 'alpha'],
    why: 'the second thread reads before its store leaves the buffer',
  },
  {
    name: 'WRC, with fences',
    threads: [[store('x', 1)], [load(0, 'x'), full, store('y', 1)], [load(0, 'y'), full, load(1, 'x')]],
    outcome: all(registerIs(1, 0, 1), registerIs(2, 0, 1), registerIs(2, 1, 0)),
    allow: [],
    why: 'a store reaches all CPUs at once: all these models are multi-copy atomic',
  },
  {
    name: 'IRIW, with full fences',
    threads: [
      [store('x', 1)],
      [store('y', 1)],
      [load(0, 'x'), full, load(1, 'y')],
      [load(0, 'y'), full, load(1, 'x')],
    ],
    outcome: all(registerIs(2, 0, 1), registerIs(2, 1, 0), registerIs(3, 0, 1), registerIs(3, 1, 0)),
    allow: [],
    why: 'two readers agree on the order of two stores',
  },
  {
    name: 'IRIW',
    threads: [[store('x', 1)], [store('y', 1)], [load(0, 'x'), load(1, 'y')], [load(0, 'y'), load(1, 'x')]],
    outcome: all(registerIs(2, 0, 1), registerIs(2, 1, 0), registerIs(3, 0, 1), registerIs(3, 1, 0)),
    allow: ['alpha-linux', 'alpha'],
    why: 'the loads go out of order on Alpha only',
  },
  {
    name: 'CoRR',
    threads: [[store('x', 1)], [load(0, 'x'), load(1, 'x')]],
    outcome: all(registerIs(1, 0, 1), r11),
    allow: [],
    why: 'loads of one location stay in order (handbook, 5.6.2.1)',
  },
  {
    name: 'CoWR, against another store',
    threads: [[store('x', 2)], [store('x', 1), load(0, 'x'), load(1, 'x')]],
    outcome: all(registerIs(1, 0, 2), registerIs(1, 1, 1)),
    allow: [],
    why: 'handbook, 5.6.2.2',
  },
];

describe.each(shapes)('$name ($why)', ({ threads, outcome, allow }) => {
  const one = program({ cells: { x: 0, y: 0 }, threads });

  it.each(models)('%s', (name) => {
    const { verdict, holds } = ask(one, shippedModel(name), outcome);
    expect(verdict).toBe(allow.includes(name) ? 'Sometimes' : 'Never');
    expect(holds).toBe(allow.includes(name));
  });
});

describe('how many executions and states there are', () => {
  // Two reads of two writes each, one order of the writes: 4 candidates, of which sc rules one out in SB, MP
  // and LB.
  it.each([
    ['SB, store buffering', 3, 4, 4, 4, 4],
    ['MP, message passing', 3, 3, 4, 4, 4],
    ['LB, load buffering', 3, 3, 3, 4, 4],
  ])('%s', (name, ...counts) => {
    const { threads } = shapes.find((shape) => shape.name === name) as Shape;
    const one = program({ cells: { x: 0, y: 0 }, threads });
    models.forEach((model, index) => {
      const { states, positive, negative } = ask(one, shippedModel(model), undefined, { question: 'count' });
      expect([states.length, positive, negative]).toEqual([counts[index], counts[index], 0]);
    });
  });

  it('orders of writes count even where no state shows them', () => {
    // Three writes to x: 6 orders, 3 final values; nothing rules an order out.
    const one = program({ cells: { x: 0 }, threads: [[store('x', 1)], [store('x', 2)], [store('x', 3)]] });
    const { states, positive } = ask(one, shippedModel('sc'), undefined, { question: 'count' });
    expect([states.length, positive]).toEqual([3, 6]);
  });
});

describe('a pointer that is published', () => {
  const one = (reader: readonly Instruction[]) =>
    program({
      cells: { p: 'y', x: 0, y: 7 },
      threads: [[store('x', 1), stores, store('p', addressOf('x'))], reader],
    });
  const atX: Value = { symbol: 'x', offset: 0 };
  const stale = all(registerIs(1, 0, atX), r11);

  it.each([
    ['sc', 'Never'],
    ['i386', 'Never'],
    ['pso', 'Never'],
    ['alpha-linux', 'Sometimes'],
    ['alpha', 'Sometimes'],
  ])('under %s, its reader sees stale data %s', (name, verdict) => {
    expect(ask(one([load(0, 'p'), load(1, r(0))]), shippedModel(name), stale).verdict).toBe(verdict);
    expect(ask(one([load(0, 'p'), full, load(1, r(0))]), shippedModel(name), stale).verdict).toBe('Never');
  });
});
