import { isRelation } from '../../execution/vocabulary.js';
import { tick } from '../../limits.js';
import type { Dynamic } from './model-values.js';
import {
  CHOSEN,
  COHERENCE,
  type Operator,
  PROGRAM,
  READS_FROM,
  type RecursiveGroup,
  type Sort,
  type Stage,
  type Term,
} from './terms.js';

/** A term while the model is being made, with what only the making needs. */
interface Node extends Term {
  /** Whether the term can only lose members as rf and co grow. */
  readonly shrinking: boolean;
  /** Variables that occur in it and are not bound in it. */
  readonly free: ReadonlySet<Term>;
}

const nothingFree: ReadonlySet<Term> = new Set();

const symmetric = new Set(['loc', 'same-block', 'int', 'ext', 'id', 'same-instance', 'different-values']);

/**
 * Makes terms. Equal terms are the same object, and what is evidently equal becomes equal: operands of `|`
 * and `&` are flattened, sorted and freed of duplicates, `;` is bracketed to the left, but for a run of
 * operands that have their values before what is on their left: these are composed first. The laws of the
 * empty term, `id`, `_` and repeated operators are applied. Every law holds for all values of the bases.
 */
export class TermFactory {
  private readonly interned = new Map<string, Node>();
  private readonly dynamics = new Map<Dynamic, number>();
  private count = 0;

  /** `absent`: bases that are known to be empty. */
  constructor(private readonly absent: ReadonlySet<string> = new Set()) {}

  /** A set or relation of the vocabulary. */
  base(name: string): Term {
    if (this.absent.has(name)) return this.empty(isRelation(name) ? 'relation' : 'set');
    return this.intern('base', isRelation(name) ? 'relation' : 'set', [], name);
  }

  empty(sort: Sort): Term {
    return this.intern('empty', sort, []);
  }

  /** Every event, or every pair of events. */
  universe(sort: Sort): Term {
    const all = this.base('_');
    return sort === 'set' ? all : this.intern('product', 'relation', [all, all]);
  }

  get id(): Term {
    return this.base('id');
  }

  union(operands: readonly Term[]): Term {
    const { sort } = operands[0];
    const parts = new Set<Term>();
    let reflexive = false;
    const add = (term: Term): void => {
      if (term.operator === 'union') term.args.forEach(add);
      else if (term.operator === 'optional') {
        reflexive = true;
        add(term.args[0]);
      } else if (term === this.id) reflexive = true;
      else if (term.operator !== 'empty') parts.add(term);
    };
    operands.forEach(add);
    if (parts.has(this.universe(sort))) return this.universe(sort);
    const plain = this.commutative('union', sort, parts, this.empty(sort));
    return reflexive ? this.optional(plain) : plain;
  }

  intersection(operands: readonly Term[]): Term {
    const { sort } = operands[0];
    const parts = new Set<Term>();
    const outside = new Set<Term>();
    const add = (term: Term): void => {
      if (term.operator === 'intersection') term.args.forEach(add);
      else if (term.operator === 'complement') outside.add(term.args[0]);
      else if (term !== this.universe(sort)) parts.add(term);
    };
    operands.forEach(add);
    if (parts.has(this.empty(sort))) return this.empty(sort);
    const inside = this.commutative('intersection', sort, parts, this.universe(sort));
    return outside.size === 0 ? inside : this.difference(inside, this.union([...outside]));
  }

  difference(a: Term, b: Term): Term {
    if (a === b || a.operator === 'empty' || b === this.universe(b.sort)) return this.empty(a.sort);
    if (b.operator === 'empty') return a;
    if (b.operator === 'complement') return this.intersection([a, b.args[0]]);
    if (a === this.universe(a.sort)) return this.complement(b);
    if (a.operator === 'difference') return this.difference(a.args[0], this.union([a.args[1], b]));
    return this.intern('difference', a.sort, [a, b]);
  }

  complement(a: Term): Term {
    if (a.operator === 'complement') return a.args[0];
    if (a.operator === 'empty') return this.universe(a.sort);
    if (a === this.universe(a.sort)) return this.empty(a.sort);
    return this.intern('complement', a.sort, [a]);
  }

  compose(a: Term, b: Term): Term {
    if (a.operator === 'empty' || b.operator === 'empty') return this.empty('relation');
    if (a === this.id) return b;
    if (b === this.id) return a;
    if (b.operator === 'compose' && !this.isEarlier(b, a))
      return this.compose(this.compose(a, b.args[0]), b.args[1]);
    if (a.operator === 'compose') {
      const [first, second] = a.args;
      if (this.isEarlier(second, first) && this.isEarlier(b, first))
        return this.compose(first, this.compose(second, b));
    }
    if (b.operator === 'identity') {
      if (a.operator === 'identity') return this.identity(this.intersection([a.args[0], b.args[0]]));
      if (a.operator === 'compose' && a.args[1].operator === 'identity') {
        return this.compose(a.args[0], this.compose(a.args[1], b));
      }
    }
    return this.intern('compose', 'relation', [a, b]);
  }

  /**
   * Whether a term has its value before another can change: it is of an earlier stage, or the other is part
   * of a recursion.
   */
  private isEarlier(term: Term, other: Term): boolean {
    const level = (one: Term) => (this.free(one).size > 0 ? CHOSEN + 1 : one.stage);
    return level(term) < level(other);
  }

  inverse(a: Term): Term {
    if (a.operator === 'inverse') return a.args[0];
    if (a.operator === 'empty' || a.operator === 'identity') return a;
    if (a.operator === 'base' && symmetric.has(a.name as string)) return a;
    if (a.operator === 'product') return this.product(a.args[1], a.args[0]);
    return this.intern('inverse', 'relation', [a]);
  }

  plus(a: Term): Term {
    if (a.operator === 'optional') return this.star(a.args[0]);
    if (a === this.id || ['empty', 'identity', 'plus', 'star'].includes(a.operator)) return a;
    return this.intern('plus', 'relation', [a]);
  }

  star(a: Term): Term {
    if (a.operator === 'star') return a;
    if (a.operator === 'plus' || a.operator === 'optional') return this.star(a.args[0]);
    if (a === this.id || a.operator === 'empty' || a.operator === 'identity') return this.id;
    return this.intern('star', 'relation', [a]);
  }

  optional(a: Term): Term {
    if (a.operator === 'star' || a.operator === 'optional') return a;
    if (a.operator === 'plus') return this.star(a.args[0]);
    if (a === this.id || a.operator === 'empty' || a.operator === 'identity') return this.id;
    return this.intern('optional', 'relation', [a]);
  }

  identity(a: Term): Term {
    if (a.operator === 'empty') return this.empty('relation');
    if (a === this.universe('set')) return this.id;
    return this.intern('identity', 'relation', [a]);
  }

  product(a: Term, b: Term): Term {
    if (a.operator === 'empty' || b.operator === 'empty') return this.empty('relation');
    return this.intern('product', 'relation', [a, b]);
  }

  domain(a: Term): Term {
    return this.end('domain', a);
  }

  range(a: Term): Term {
    return this.end('range', a);
  }

  /** A variable for a recursive group, with what its definition is expected to turn out as. */
  variable(
    group: RecursiveGroup,
    index: number,
    name: string,
    sort: Sort,
    stage: Stage,
    growing: boolean,
  ): Term {
    const node: Node = {
      id: this.count++,
      sort,
      operator: 'variable',
      args: [],
      name,
      group,
      index,
      stage,
      growing,
      shrinking: stage === PROGRAM,
      free: new Set(),
    };
    (node.free as Set<Term>).add(node);
    return node;
  }

  /** Makes all variables of `part` variables of `group`; both are complete. */
  merge(group: { variables: Term[]; bodies: Term[] }, part: RecursiveGroup): void {
    for (const variable of part.variables) {
      Object.assign(variable, { group, index: group.variables.length });
      group.variables.push(variable);
    }
    group.bodies.push(...part.bodies);
  }

  /** The value of a variable of a group whose bodies are complete. */
  recursive(group: RecursiveGroup, index: number): Term {
    const { name, sort, stage, growing } = group.variables[index];
    const free = new Set<Term>();
    for (const body of group.bodies) for (const variable of this.free(body)) free.add(variable);
    for (const variable of group.variables) free.delete(variable);
    const id = this.count++;
    const node = { id, sort, operator: 'recursive', args: [], name, group, index, stage, growing } as const;
    return { ...node, shrinking: stage === PROGRAM, free } as Node;
  }

  /** The value of what is computed on each execution, as a set or as a relation. */
  dynamic(dynamic: Dynamic, sort: Sort): Term {
    return this.computed('dynamic', dynamic, sort, this.numberOf(dynamic));
  }

  /** One of the relations that `dynamic` gives: the choice of that number. */
  choice(dynamic: Dynamic, index: number): Term {
    return this.computed('choice', dynamic, 'relation', index);
  }

  private computed(operator: 'dynamic' | 'choice', dynamic: Dynamic, sort: Sort, index: number): Term {
    const key = `${operator} ${index} ${sort}`;
    let node = this.interned.get(key);
    if (!node) {
      const args = dynamic.inputs as readonly Node[];
      const latest = Math.max(PROGRAM, ...args.map((arg) => arg.stage)) as Stage;
      const fixed = latest === PROGRAM;
      // A choice that needs rf or co is made when both are complete.
      const stage = operator === 'choice' && !fixed ? CHOSEN : latest;
      const free = freeOf(args);
      // Nothing is known of how the value changes with its inputs.
      node = {
        id: this.count++,
        sort,
        operator,
        args,
        index,
        dynamic,
        stage,
        growing: fixed,
        shrinking: fixed,
        free,
      };
      this.interned.set(key, node);
    }
    return node;
  }

  private numberOf(dynamic: Dynamic): number {
    let number = this.dynamics.get(dynamic);
    if (number === undefined) {
      number = this.dynamics.size;
      this.dynamics.set(dynamic, number);
    }
    return number;
  }

  /** The variables that occur in a term and are not bound in it. */
  free(term: Term): ReadonlySet<Term> {
    return (term as Node).free;
  }

  private end(operator: 'domain' | 'range', a: Term): Term {
    if (a.operator === 'empty') return this.empty('set');
    if (a.operator === 'identity') return a.args[0];
    if (a === this.id || a.operator === 'star' || a.operator === 'optional') return this.universe('set');
    if (a.operator === 'inverse') return this.end(operator === 'domain' ? 'range' : 'domain', a.args[0]);
    return this.intern(operator, 'set', [a]);
  }

  private commutative(operator: 'union' | 'intersection', sort: Sort, parts: Set<Term>, none: Term): Term {
    if (parts.size === 0) return none;
    const sorted = [...parts].sort((a, b) => a.id - b.id);
    return sorted.length === 1 ? sorted[0] : this.intern(operator, sort, sorted);
  }

  private intern(operator: Operator, sort: Sort, args: readonly Term[], name?: string): Node {
    tick(1 + (args.length >>> 3));
    const key = `${operator} ${name ?? sort} ${args.map((arg) => arg.id).join(' ')}`;
    let node = this.interned.get(key);
    if (!node) {
      node = { id: this.count++, sort, operator, args, name, ...variance(operator, args as Node[], name) };
      this.interned.set(key, node);
    }
    return node;
  }
}

/** What a term depends on and how it changes as rf and co grow. */
function variance(operator: Operator, args: readonly Node[], name: string | undefined) {
  const free = freeOf(args);
  if (operator === 'base') {
    const stage = baseStage(name as string);
    // FW is neither: a write is the last of its location until co puts another after it.
    // Values are known only when rf is complete.
    const growing = name !== 'FW' && name !== 'different-values';
    return { stage, growing, shrinking: stage === PROGRAM, free };
  }
  const stage = Math.max(PROGRAM, ...args.map((arg) => arg.stage)) as Stage;
  const growing = args.map((arg) => arg.growing);
  const shrinking = args.map((arg) => arg.shrinking);
  const turned = operator === 'complement' ? 0 : operator === 'difference' ? 1 : -1;
  if (turned >= 0) [growing[turned], shrinking[turned]] = [shrinking[turned], growing[turned]];
  return { stage, growing: growing.every(Boolean), shrinking: shrinking.every(Boolean), free };
}

function baseStage(name: string): Stage {
  if (name === 'rf' || name === 'different-values') return READS_FROM;
  return name === 'co' || name === 'FW' ? COHERENCE : PROGRAM;
}

function freeOf(args: readonly Node[]): ReadonlySet<Term> {
  const parts = args.map((arg) => arg.free).filter((free) => free.size > 0);
  if (parts.length === 0) return nothingFree;
  if (parts.every((part) => part === parts[0])) return parts[0];
  return new Set(parts.flatMap((part) => [...part]));
}
