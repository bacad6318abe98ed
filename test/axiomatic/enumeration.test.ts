import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { samples, withFence } from '../../src/arbitraries/index.js';
import { ArenaPool } from '../../src/axiomatic/candidate/arena-pool.js';
import { GraphArena } from '../../src/axiomatic/candidate/graph-arena.js';
import { pathDependence } from '../../src/axiomatic/candidate/path-dependence.js';
import type { SearchContext } from '../../src/axiomatic/candidate/search-context.js';
import { Enumeration } from '../../src/axiomatic/enumerate/enumeration.js';
import type { PartialExecution } from '../../src/axiomatic/index.js';
import { type Model, planOf, withExclusions } from '../../src/cat/index.js';
import { buildGraph, type CpuTrace, unfoldProgram } from '../../src/execution/index.js';
import { type Program, ValueTable, valueKey } from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { ask, modelNames, statesOf } from '../oracle/asking.js';
import { runs } from '../seed.js';

/** A program with `count` events more on each thread, that order nothing. */
function padded(program: Program, count: number): Program {
  return program.threads.reduce((longer, _, thread) => {
    return Array.from({ length: count }).reduce<Program>(
      (p, _, at) => withFence(p, thread, at % 2, []),
      longer,
    );
  }, program);
}

jest.setTimeout(300_000 * Number(process.env.FENCELINE_RUNS ?? 1));

describe('the search', () => {
  it('finds the same executions with and without coherence as a shortcut', () => {
    fc.assert(
      fc.property(samples({ faults: false }), fc.constantFrom(...modelNames), ({ program }, name) => {
        const model = shippedModel(name);
        const [plain, guided] = [false, true].map((coherent) => executionsOf(program, model, coherent));
        expect(guided).toEqual(plain);
      }),
      runs(100),
    );
  });

  // Rows of the matrices are one word, two, three: each has code of its own.
  it.each([12, 24, 40])('answers the same with %d idle events more on each thread', (count) => {
    const quick = samples({ interrupts: false, faults: false }).filter(
      ({ program }) => program.threads.length === 2,
    );
    fc.assert(
      fc.property(quick, fc.constantFrom(...modelNames), ({ program, proposition }, name) => {
        const model = shippedModel(name);
        const [short, long] = [program, padded(program, count)].map((p) => {
          const { positive, negative, ...rest } = ask(p, model, proposition, { question: 'count' });
          return { positive, negative, states: statesOf({ positive, negative, ...rest }) };
        });
        expect(long).toEqual(short);
      }),
      { ...runs(50), ignoreEqualValues: true },
    );
  });

  it('does the same work each time', () => {
    fc.assert(
      fc.property(
        samples({ faults: false }),
        fc.constantFrom('verdict', 'states', 'count'),
        ({ program, proposition }, question) => {
          const [first, second] = [1, 2].map(() =>
            ask(program, shippedModel('alpha'), proposition, { question }),
          );
          expect(second.counts).toEqual(first.counts);
          expect(second.states).toEqual(first.states);
        },
      ),
      runs(50),
    );
  });

  it('looks at no more executions for a verdict than for the states, and for the states than for the count', () => {
    fc.assert(
      fc.property(samples({ faults: false }), ({ program, proposition }) => {
        const questions = ['verdict', 'states', 'count'] as const;
        const [verdict, states, count] = questions.map((question) => {
          return ask(program, shippedModel('alpha'), proposition, { question }).counts;
        });
        expect(verdict.executions).toBeLessThanOrEqual(2);
        expect(states.executions).toBeLessThanOrEqual(count.executions);
        expect(states.decisions).toBeLessThanOrEqual(count.decisions);
      }),
      runs(100),
    );
  });
});

/** Each consistent execution as text, sorted. */
function executionsOf(program: Program, model: Model, coherent: boolean): string[] {
  const values = new ValueTable();
  const found: string[] = [];
  let graphs = 0;
  const unfolding = unfoldProgram(program, { unroll: 2 });
  const { plan, exclusions } = withExclusions(planOf(model));
  const context: SearchContext = {
    plan,
    coherent,
    mayErr: unfolding.mayErr,
    dependence: pathDependence(model),
    exclusions,
    values,
    collector: {
      settled: () => false,
      found: (execution) => {
        found.push(`${graphs}: ${textOf(execution, values)}`);
        return false;
      },
    },
    counts: { graphs: 0, decisions: 0, conflicts: 0, executions: 0, circular: 0 },
    arenas: new ArenaPool(plan),
  };
  for (const paths of combinations(unfolding.cpus)) {
    const graph = buildGraph(unfolding.cells, paths);
    graphs++;
    const arena = new GraphArena(graph, context);
    new Enumeration(arena, context).run();
    arena.release();
  }
  return found.sort();
}

function textOf(execution: PartialExecution, values: ValueTable): string {
  const shown = (event: number): string => valueKey(values.value(execution.value(event)));
  return execution.graph.events
    .map(({ kind }, event) => {
      if (kind === 'fence') return 'F';
      if (kind === 'read') return `R${shown(event)}<-${execution.source(event)}`;
      const later = execution.graph.events.flatMap((_, other) => {
        return execution.coherenceBefore(event, other) ? [other] : [];
      });
      return `W${shown(event)}<${later.join(',')}`;
    })
    .join(' ');
}

function combinations(cpus: readonly (readonly CpuTrace[])[]): CpuTrace[][] {
  if (cpus.length === 0) return [[]];
  return cpus[0].flatMap((path) => combinations(cpus.slice(1)).map((rest) => [path, ...rest]));
}
