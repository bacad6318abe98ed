import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { samples } from '../../src/arbitraries/index.js';
import { type Execution, effectOrder, outOfOrder } from '../../src/check/index.js';
import { type Program, type Value, valueKey } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { ask, modelNames } from '../oracle/asking.js';
import { load, program, store } from '../oracle/code.js';
import { runs } from '../seed.js';
import { all, registerIs } from './statements.js';

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

/** All witnesses that a sample gives under all models. */
function witnessesOf(one: Program, proposition: Parameters<typeof ask>[2]): Execution[] {
  return modelNames.flatMap((name) => {
    const { positiveWitness, negativeWitness } = ask(one, shippedModel(name), proposition);
    return [positiveWitness, negativeWitness].filter((witness) => witness !== undefined);
  });
}

/** Writes as co has them; reads between their source, if another CPU's, and the write that overtakes it. */
function mustStandInOrder({ graph, sources, coherence }: Execution): [number, number][] {
  const orders: readonly (readonly number[])[] = [...coherence.values()];
  const steps = orders.flatMap((writes) => writes.slice(1).map((w, at): [number, number] => [writes[at], w]));
  const around = sources.flatMap((source, read): [number, number][] => {
    if (source === undefined) return [];
    const overtaking = steps.flatMap(([from, to]): [number, number][] =>
      from === source ? [[read, to]] : [],
    );
    return graph.events[source].cpu === graph.events[read].cpu ? overtaking : [[source, read], ...overtaking];
  });
  return [...steps, ...around];
}

const text = (value: Value | undefined): string => (value === undefined ? 'none' : valueKey(value));

describe('a witness', () => {
  it('is an execution: reads return what their sources wrote, and co orders all writes of a location', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program: p, proposition }) => {
        for (const { graph, values, sources, coherence } of witnessesOf(p, proposition)) {
          graph.events.forEach(({ kind, cell }, event) => {
            const source = sources[event];
            expect(source !== undefined).toBe(kind === 'read');
            if (source !== undefined) {
              expect(graph.events[source]).toMatchObject({ kind: 'write', cell });
              expect(text(values[event])).toBe(text(values[source]));
            }
            if (kind !== 'write') return;
            const order = [...coherence].find(([location]) => location === cell)?.[1];
            expect(order).toContain(event);
          });
          for (const order of coherence.values()) expect(graph.events[order[0]].cpu).toBe(-1);
        }
      }),
      runs(60),
    );
  });

  it('can be told in an order in which each read returns the last write, but for reads of the own CPU', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program: p, proposition }) => {
        for (const witness of witnessesOf(p, proposition)) {
          const { graph } = witness;
          const order: readonly number[] | undefined = effectOrder(witness);
          // All models here are multi-copy atomic: there is always such an order.
          if (!order) throw new Error('no order');
          const events = graph.events.flatMap((_, event) => (event < graph.initial ? [] : [event]));
          expect([...order].sort((a, b) => a - b)).toEqual(events);
          for (const [before, after] of mustStandInOrder(witness)) {
            expect(order.indexOf(before)).toBeLessThan(order.indexOf(after));
          }
        }
      }),
      runs(60),
    );
  });

  it('under sc is told in program order', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program: p, proposition }) => {
        const { positiveWitness, negativeWitness } = ask(p, shippedModel('sc'), proposition);
        for (const witness of [positiveWitness, negativeWitness]) {
          if (!witness) continue;
          expect(outOfOrder(witness, effectOrder(witness) ?? []).size).toBe(0);
        }
      }),
      runs(60),
    );
  });

  it('of store buffering has the loads ahead of a store', () => {
    const sb = program({
      cells: { x: 0, y: 0 },
      threads: [
        [store('x', 1), load(0, 'y')],
        [store('y', 1), load(0, 'x')],
      ],
    });
    const { positiveWitness } = ask(sb, shippedModel('i386'), all(registerIs(0, 0, 0), registerIs(1, 0, 0)));
    if (!positiveWitness) throw new Error('no witness');
    const early = outOfOrder(positiveWitness, effectOrder(positiveWitness) ?? []);
    expect(early.size).toBeGreaterThan(0);
    for (const event of early) expect(positiveWitness.graph.events[event].kind).toBe('read');
  });
});
