import { SourceError } from '../../diagnostics.js';
import { EventSet, Relation } from '../../relation/index.js';
import { keyOfValue, relationValue, setValue, valuesOf } from '../interpret/concrete.js';
import { ExecutionRuntime } from '../interpret/runtime.js';
import { ordersByLocation } from '../interpret/total-orders.js';
import type { Dynamic, Value } from '../terms/model-values.js';
import type { TermFactory } from '../terms/term-factory.js';
import type { Term } from '../terms/terms.js';

const probes = 12;

/**
 * Whether what a generator enumerates is, for some set S and relation r of the model, every total order of
 * the events of S at each location that contains r; then that, as a value. However it is written: it is run
 * on small made-up executions, with S and r each of the generator's inputs in turn, and its result compared
 * with the definition.
 *
 * Why that is enough. The language has no way to look at an event but through the sets and relations that are
 * the inputs, and the probes give those every small shape: several locations with up to three events, r
 * empty, r a partial order, r with cycles, events outside of S. A generator that gives the right orders on
 * all of them and others on a larger execution would have to count events. None of the recursions that models
 * are written with does.
 */
export function recogniseOrders(
  factory: TermFactory,
  dynamic: Dynamic,
): Extract<Value, { kind: 'orders' }> | undefined {
  const loc = factory.base('loc');
  const { inputs } = dynamic;
  if (!inputs.includes(loc) || inputs.length > 40) return undefined;
  const sets = inputs.filter(({ sort }) => sort === 'set');
  const relations = inputs.filter((term) => term.sort === 'relation' && term !== loc);
  let pairs = sets.flatMap((events) => [undefined, ...relations].map((r) => [events, r] as const));
  for (let probe = 0; probe < probes && pairs.length > 0; probe++) {
    const execution = new Probe(probe, loc, inputs);
    const result = execution.run(dynamic);
    pairs = pairs.filter(([events, r]) => result !== undefined && execution.orders(events, r) === result);
  }
  const found = pairs[0];
  if (!found) return undefined;
  const [events, r] = found;
  const extending: Value = r ? { kind: 'term', term: r } : { kind: 'empty' };
  return { kind: 'orders', events: { kind: 'term', term: events }, extending, dynamic };
}

/**
 * A made-up execution. The values of terms are random, and do not fit together, but for `loc`, which is an
 * equivalence.
 */
class Probe {
  private readonly n: number;
  private readonly places: readonly number[];
  private readonly values = new Map<Term, Value>();
  private state: number;

  constructor(
    seed: number,
    private readonly loc: Term,
    inputs: readonly Term[],
  ) {
    this.state = seed * 2_654_435_761 + 1;
    this.n = seed % 7;
    this.places = Array.from({ length: this.n }, (_, event) => Math.floor(event / (1 + (seed % 3))));
    for (const term of inputs) this.values.set(term, this.valueOf(term, seed));
  }

  /** What the generator gives, as a key; undefined when it fails. */
  run(dynamic: Dynamic): string | undefined {
    const runtime = new ExecutionRuntime(this.n, (term) => this.values.get(term) as Value);
    try {
      return keyOfValue(dynamic.run(runtime));
    } catch (error) {
      if (error instanceof SourceError) return undefined;
      throw error;
    }
  }

  /** What it should give. */
  orders(events: Term, r: Term | undefined): string {
    const set = (this.values.get(events) as Value & { kind: 'set' }).set;
    const value = r && (this.values.get(r) as Value & { kind: 'relation' });
    const containing = value ? value.relation : Relation.empty(this.n);
    const { relation: loc } = this.values.get(this.loc) as Value & { kind: 'relation' };
    return keyOfValue(valuesOf(Array.from(ordersByLocation(set, containing, loc), relationValue)));
  }

  private valueOf(term: Term, seed: number): Value {
    const all = Array.from({ length: this.n }, (_, event) => event);
    if (term.sort === 'set')
      return setValue(
        EventSet.from(
          this.n,
          all.filter(() => this.random() > 0.25),
        ),
      );
    const pairs = all.flatMap((i) => all.map((j) => [i, j] as const));
    if (term === this.loc)
      return relationValue(
        Relation.from(
          this.n,
          pairs.filter(([i, j]) => this.places[i] === this.places[j]),
        ),
      );
    // Mostly upward, so that there are orders that contain it; now and then with cycles.
    const cyclic = seed % 4 === 3;
    return relationValue(
      Relation.from(
        this.n,
        pairs.filter(([i, j]) => (cyclic || i < j) && this.random() > 0.7),
      ),
    );
  }

  /** From 0 to 1: a linear congruence, so that a model is always read the same way. */
  private random(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 2 ** 32;
  }
}
