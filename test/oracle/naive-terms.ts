import type { Check, Term } from '../../src/cat/index.js';
import { same } from './arithmetic.js';
import type { Candidate, Pair, PlacedEvent } from './candidates.js';

/** Whether (1 or 0) each event, or each pair of events (at `from * n + to`), belongs. */
export type Members = Uint8Array;
type Environment = ReadonlyMap<Term, Members>;

/** The values of a model's terms on one candidate execution, by the letter of their definitions. */
export class NaiveTerms {
  private readonly known = new Map<Term, Members>();
  private readonly events: readonly PlacedEvent[];
  private readonly n: number;

  /** `fixed`: what `known` may start with, of terms in which neither rf nor co occurs. */
  constructor(
    private readonly candidate: Candidate,
    private readonly fixed: Map<Term, Members> = new Map(),
  ) {
    this.events = candidate.skeleton.events;
    this.n = this.events.length;
  }

  /** Whether a check's test holds. */
  test({ kind, negated, term }: Check): boolean {
    const members = this.value(term, new Map());
    const n = this.n;
    const loops = (relation: Members): boolean => this.events.some((_, i) => relation[i * n + i] === 1);
    const holds = {
      acyclic: () => !loops(this.plus(members)),
      irreflexive: () => !loops(members),
      empty: () => !members.includes(1),
    }[kind]();
    return negated ? !holds : holds;
  }

  /** The pairs of a relation. */
  pairsOf(term: Term): Pair[] {
    const members = this.value(term, new Map());
    return [...members.keys()].flatMap((at): Pair[] =>
      members[at] ? [[Math.floor(at / this.n), at % this.n]] : [],
    );
  }

  private value(term: Term, variables: Environment): Members {
    const bound = variables.get(term);
    if (bound) return bound;
    const store = isFixed(term) ? this.fixed : this.known;
    const kept = store.get(term);
    if (kept) return kept;
    const members = this.compute(term, variables);
    // What a variable of a recursion is in lasts for one round only.
    if (freeVariables(term).size === 0) store.set(term, members);
    return members;
  }

  private compute(term: Term, variables: Environment): Members {
    const args = term.args.map((arg) => this.value(arg, variables));
    const [a, b] = args;
    const size = term.sort === 'set' ? this.n : this.n * this.n;
    const each = (belongs: (index: number) => boolean | number): Members => fill(size, belongs);
    switch (term.operator) {
      case 'base':
        return term.sort === 'set'
          ? this.baseSet(term.name as string)
          : this.baseRelation(term.name as string);
      case 'variable':
        throw new Error('a variable outside its recursion');
      case 'recursive':
        return this.fixpoint(term, variables);
      case 'empty':
        return each(() => false);
      case 'union':
        return args.reduce((left, right) => each((i) => left[i] | right[i]));
      case 'intersection':
        return args.reduce((left, right) => each((i) => left[i] & right[i]));
      case 'difference':
        return each((i) => a[i] > b[i]);
      case 'complement':
        return each((i) => !a[i]);
      case 'compose':
        return args.reduce((left, right) => this.compose(left, right));
      case 'plus':
        return this.plus(a);
      case 'star':
        return this.simple('optional', this.plus(a));
      default:
        return this.simple(term.operator, a, b);
    }
  }

  private simple(operator: string, a: Members, b: Members = a): Members {
    const n = this.n;
    const all = this.events.map((_, index) => index);
    switch (operator) {
      case 'inverse':
        return this.pairs((i, j) => a[j * n + i]);
      case 'optional':
        return this.pairs((i, j) => i === j || a[i * n + j]);
      case 'identity':
        return this.pairs((i, j) => i === j && a[i]);
      case 'product':
        return this.pairs((i, j) => a[i] && b[j]);
      case 'domain':
        return fill(n, (i) => all.some((j) => a[i * n + j]));
      case 'range':
        return fill(n, (j) => all.some((i) => a[i * n + j]));
      default:
        throw new Error(`an operator that the oracle does not know: ${operator}`);
    }
  }

  private pairs(belongs: (from: number, to: number) => boolean | number): Members {
    const n = this.n;
    const found = new Uint8Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) found[i * n + j] = belongs(i, j) ? 1 : 0;
    return found;
  }

  private compose(a: Members, b: Members): Members {
    const n = this.n;
    const found = new Uint8Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) {
        if (!a[i * n + k]) continue;
        for (let j = 0; j < n; j++) if (b[k * n + j]) found[i * n + j] = 1;
      }
    }
    return found;
  }

  /** `a | a;a | a;a;a | ...` */
  private plus(a: Members): Members {
    for (let closed = a; ; ) {
      const longer = this.compose(closed, closed);
      const next = fill(closed.length, (i) => closed[i] | longer[i]);
      if (equal(next, closed)) return closed;
      closed = next;
    }
  }

  /** All definitions of a family at once, again and again from nothing until nothing changes. */
  private fixpoint(term: Term, outer: Environment): Members {
    const { variables, bodies } = term.group as NonNullable<Term['group']>;
    let values = variables.map(({ sort }): Members => new Uint8Array(sort === 'set' ? this.n : this.n ** 2));
    for (;;) {
      const environment = new Map([
        ...outer,
        ...variables.map((v, index): [Term, Members] => [v, values[index]]),
      ]);
      const next = bodies.map((body) => this.value(body, environment));
      if (next.every((members, index) => equal(members, values[index]))) break;
      values = next;
    }
    return values[term.index as number];
  }

  private baseSet(name: string): Members {
    const tagged = ({ tags }: PlacedEvent) => tags.some((tag) => tag.toLowerCase() === name.toLowerCase());
    return fill(this.n, (index) => this.isIn(name, this.events[index], index) || tagged(this.events[index]));
  }

  private isIn(name: string, event: PlacedEvent, index: number): boolean {
    const { kind, cpu, cell, atomic } = event;
    switch (name) {
      case '_':
        return true;
      case 'R':
      case 'W':
        return kind === name;
      case 'F':
        return kind === 'F' && cell < 0;
      case 'M':
        return kind === 'R' || kind === 'W';
      case 'IW':
        return cpu === -1;
      case 'FW':
        return [...this.candidate.co.values()].some((order) => order[order.length - 1] === index);
      case 'B':
        return false;
      case 'RMW':
        return atomic === 'rmw';
      case 'X':
      case 'A':
        return atomic === 'rmw' || atomic === 'locked';
      case 'LL':
        return atomic === 'locked' && kind === 'R';
      case 'SC':
        return atomic === 'locked' && kind === 'W';
      default:
        return false;
    }
  }

  private baseRelation(name: string): Members {
    const { events } = this;
    const { skeleton, rf, co } = this.candidate;
    switch (name) {
      case 'id':
        return this.pairs((i, j) => i === j);
      case 'po':
        return this.pairs((i, j) => i < j && events[i].cpu >= 0 && events[i].cpu === events[j].cpu);
      case 'loc':
        return this.pairs((i, j) => events[i].cell >= 0 && events[i].cell === events[j].cell);
      case 'same-block': {
        const { blocks } = skeleton;
        return this.pairs((i, j) => blocks[i] !== '' && blocks[i] === blocks[j]);
      }
      case 'int':
        return this.pairs((i, j) => events[i].cpu >= 0 && events[i].cpu === events[j].cpu);
      case 'ext':
        return this.pairs((i, j) => events[i].cpu !== events[j].cpu);
      case 'same-instance':
        return this.pairs((i, j) => i === j || this.areOneInstruction(i, j));
      case 'different-values':
        return this.pairs((i, j) => {
          const [a, b] = [events[i], events[j]];
          return a.kind !== 'F' && b.kind !== 'F' && !same(a.value, b.value);
        });
      case 'rf':
        return this.listed([...rf].map(([read, write]): Pair => [write, read]));
      case 'co':
        return this.inOrder([...co.values()]);
      case 'addr':
      case 'data':
      case 'ctrl':
      case 'choice':
      case 'might':
      case 'rmw':
        return this.listed(skeleton[name]);
      default:
        throw new Error(`a relation that the oracle does not know: ${name}`);
    }
  }

  /** A load-locked and its store-conditional are two instructions. */
  private areOneInstruction(i: number, j: number): boolean {
    if (this.events[i].atomic !== 'rmw') return false;
    return this.candidate.skeleton.rmw.some((pair) => pair.includes(i) && pair.includes(j));
  }

  private listed(pairs: Iterable<Pair>): Members {
    const found = new Uint8Array(this.n * this.n);
    for (const [from, to] of pairs) found[from * this.n + to] = 1;
    return found;
  }

  private inOrder(orders: readonly (readonly number[])[]): Members {
    return this.listed(
      orders.flatMap((order) => order.flatMap((i, at) => order.slice(at + 1).map((j): Pair => [i, j]))),
    );
  }
}

function fill(length: number, belongs: (index: number) => boolean | number): Members {
  const members = new Uint8Array(length);
  for (let index = 0; index < length; index++) members[index] = belongs(index) ? 1 : 0;
  return members;
}

function equal(a: Members, b: Members): boolean {
  return a.every((member, index) => member === b[index]);
}

const variablesOf = new WeakMap<Term, ReadonlySet<Term>>();

/** The variables of recursions around a term that its value depends on. */
function freeVariables(term: Term): ReadonlySet<Term> {
  const known = variablesOf.get(term);
  if (known) return known;
  const { variables = [], bodies = [] } = (term.operator === 'recursive' && term.group) || {};
  const parts = [...term.args, ...bodies].flatMap((part) => [...freeVariables(part)]);
  const free = new Set(parts.filter((one) => !variables.includes(one)));
  if (term.operator === 'variable') free.add(term);
  variablesOf.set(term, free);
  return free;
}

const fixedTerms = new WeakMap<Term, boolean>();

/** Whether a term's value is the same in all candidates of one skeleton. Terms of recursions count as not. */
function isFixed(term: Term): boolean {
  let fixed = fixedTerms.get(term);
  if (fixed === undefined) {
    const searched = term.operator === 'base' && ['rf', 'co', 'FW'].includes(term.name as string);
    fixed = !searched && !term.group && term.args.every(isFixed);
    fixedTerms.set(term, fixed);
  }
  return fixed;
}
