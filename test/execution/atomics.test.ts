import { describe, expect, it } from '@jest/globals';
import type { Instruction } from '../../src/program/index.js';
import { fence, load, loadLocked, program, r, rmw, store, storeConditional } from '../oracle/code.js';
import { cpusOf, orderText, waysOf } from './traces.js';

const cells = { x: 0, y: 0 };
const ways = (...code: Instruction[]): string[] => waysOf(program({ cells, threads: [code] }));

describe('a store-conditional (Alpha handbook, 4.2.5 and 5.6.1.8)', () => {
  it('succeeds or fails after a load-locked of its location', () => {
    expect(ways(loadLocked(0, 'x'), storeConditional(1, 'x', 7))).toEqual(['Rx', 'Rx; Wx=7']);
  });

  it('says in its register which of the two it was, without a dependency', () => {
    const found = ways(loadLocked(0, 'x'), storeConditional(1, 'x', 7), store('y', r(1)));
    expect(found).toEqual(['Rx; Wx=7; Wy=1', 'Rx; Wy=0']);
  });

  it.each([
    ['without a load-locked', [load(0, 'x'), storeConditional(1, 'x', 7)]],
    [
      'when another store-conditional came in between',
      [loadLocked(0, 'x'), storeConditional(1, 'y', 7), storeConditional(1, 'x', 7)],
    ],
  ])('fails %s', (_, code) => {
    expect(ways(...code).filter((way) => way.includes('Wx'))).toEqual([]);
  });

  it.each([
    ['after a load-locked of another location', [loadLocked(0, 'y'), storeConditional(1, 'x', 7)]],
    [
      'when another load-locked came in between',
      [loadLocked(0, 'x'), loadLocked(0, 'y'), storeConditional(1, 'x', 7)],
    ],
  ])('may succeed or fail %s', (_, code) => {
    expect(ways(...code).map((way) => way.includes('Wx=7'))).toEqual([false, true]);
  });

  it('uses its load-locked up', () => {
    const twice = [loadLocked(0, 'x'), storeConditional(1, 'x', 7), storeConditional(1, 'x', 8)];
    expect(ways(...twice)).toEqual(['Rx', 'Rx; Wx=7']);
  });

  it('pairs across other accesses of its thread', () => {
    const found = ways(loadLocked(0, 'x'), store('x', 1), rmw(1, 'y', 1), storeConditional(1, 'x', 7));
    expect(found).toEqual(['Rx; Wx=1; Ry; Wy=1', 'Rx; Wx=1; Ry; Wy=1; Wx=7']);
  });
});

describe('an interrupt handler', () => {
  const handler = (...code: Instruction[]) => ({ code, interrupt: 'nmi' as const });
  const irq = (...code: Instruction[]) => ({ code, interrupt: 'irq' as const });
  const orders = (...threads: Parameters<typeof program>[0]['threads']): string[] =>
    cpusOf(program({ cells, threads }))[0].map(orderText);

  it('comes before the first event, between two, or after the last', () => {
    expect(orders([store('x', 1), fence()], handler(load(0, 'x')))).toEqual([
      'in 1.0 out 0.0 0.1',
      '0.0 in 1.0 out 0.1',
      '0.0 0.1 in 1.0 out',
    ]);
  });

  it('comes also to a thread that does nothing', () => {
    expect(orders([], handler())).toEqual(['in out']);
  });

  it('does not come inside an atomic instruction', () => {
    expect(orders([rmw(0, 'x', 1)], handler())).toEqual(['in out 0.0 0.1', '0.0 0.1 in out']);
  });

  it('comes in each of the ways that it and its thread can go', () => {
    const threads = [[loadLocked(0, 'x'), storeConditional(1, 'x', 1)], handler()] as const;
    // Failing: 2 places around the read. Succeeding: not between the pair (handbook, 4.2.5).
    expect(orders(...threads).sort()).toEqual([
      '0.0 0.1 in out',
      '0.0 in out',
      'in out 0.0',
      'in out 0.0 0.1',
    ]);
  });

  it('runs as one block: n + 1 places for the first, n + 2 for the second', () => {
    const found = orders([fence(), fence()], handler(fence()), handler(fence()));
    expect(found).toHaveLength(3 * 4);
    expect(new Set(found).size).toBe(3 * 4);
    expect(found.filter((order) => /in \S+ in/.test(order))).toEqual([]);
  });

  it('of an NMI may also come inside an irq handler, not the other way round', () => {
    const found = orders([fence()], irq(fence()), handler(fence()));
    // The irq's 2 places; then the 5 before, between and after the thread's event, the irq's, its entry and its return.
    expect(found).toHaveLength(2 * 5);
    expect(found).toContain('in 1.0 in 2.0 out out 0.0');
    expect(found).toContain('in in 2.0 out 1.0 out 0.0');
    expect(found.filter((order) => /2\.0 in|in 2\.0 in/.test(order))).toEqual([]);
  });

  it('leaves the other CPUs alone', () => {
    const one = program({ cells, threads: [[fence()], [fence(), fence()], { ...handler(fence()), on: 1 }] });
    expect(cpusOf(one).map((ways) => ways.length)).toEqual([1, 3]);
  });
});
