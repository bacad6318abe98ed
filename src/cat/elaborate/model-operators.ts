import { raise, type Span } from '../../diagnostics.js';
import { added, applyUnary, joinedText } from '../interpret/concrete.js';
import type { InputCollector } from '../interpret/inputs.js';
import { ExecutionRuntime } from '../interpret/runtime.js';
import type { BinaryOperator, Expression, ListOperator, UnaryOperator } from '../syntax/model-syntax.js';
import { describe, type Runtime, type Value } from '../terms/model-values.js';
import type { TermFactory } from '../terms/term-factory.js';
import type { Sort, Term } from '../terms/terms.js';
import { NotMonotone, quoted, toRelation, toSet, toSort } from './coercions.js';

type List = Extract<Expression, { kind: 'list' }>;
type BinaryExpression = Extract<Expression, { kind: 'binary' }>;

/**
 * The operators of the language on symbolic values: on terms they make terms; what has to wait is left to
 * each execution.
 */
export class SymbolicOperators {
  constructor(
    private readonly factory: TermFactory,
    private readonly collector: () => InputCollector,
    /** Names of the declared tags. */
    private readonly tags: () => Iterable<string>,
  ) {}

  /** Leaves an operation on values to each execution. */
  defer(
    values: readonly Value[],
    span: Span,
    run: (values: readonly Value[], runtime: Runtime) => Value,
  ): Value {
    const collector = this.collector();
    for (const value of values) collector.value(value);
    const concrete = (runtime: Runtime) =>
      run(
        values.map((value) => runtime.concrete(value)),
        runtime,
      );
    return { kind: 'dynamic', dynamic: { inputs: collector.inputs, span, run: concrete } };
  }

  unary(operator: UnaryOperator, value: Value, span: Span): Value {
    const { factory } = this;
    if (operator === 'complement') return this.complement(value, span);
    if (operator === 'identity') return { kind: 'term', term: factory.identity(toSet(factory, value, span)) };
    return { kind: 'term', term: factory[operator](toRelation(factory, value, span)) };
  }

  private complement(value: Value, span: Span): Value {
    if (value.kind === 'empty') return { kind: 'universe' };
    if (value.kind === 'universe') return { kind: 'empty' };
    if (value.kind === 'dynamic')
      return this.defer([value], span, ([v], runtime) => applyUnary('complement', v, span, runtime));
    if (value.kind === 'values') return this.otherTags(value, span);
    const term = value.kind === 'term' ? value.term : toRelation(this.factory, value, span);
    this.refuseVariables(term);
    return { kind: 'term', term: this.factory.complement(term) };
  }

  list({ operator, operands }: List, values: readonly Value[]): Value {
    const { factory } = this;
    if (operator === 'compose') {
      const terms = values.map((value, index) => toRelation(factory, value, operands[index].span));
      return { kind: 'term', term: terms.reduce((left, right) => factory.compose(left, right)) };
    }
    const other = this.withoutTerms(operator, operands, values);
    if (other) return other;
    const sort = commonSort(operator, operands, values);
    if (!sort) return withoutSort(operator, values);
    const terms = values.map((value, index) => toSort(factory, value, sort, operands[index].span));
    return { kind: 'term', term: factory[operator](terms) };
  }

  binary({ operator, left, right, span }: BinaryExpression, values: readonly [Value, Value]): Value {
    const { factory } = this;
    const spans = [left.span, right.span] as const;
    if (operator === 'add') {
      if (values.every(isStatic)) return added(values[0], values[1], spans, undefined);
      return this.defer(values, span, ([a, b], runtime) => added(a, b, spans, runtime));
    }
    if (operator === 'product') {
      const [from, to] = [toSet(factory, values[0], left.span), toSet(factory, values[1], right.span)];
      return { kind: 'term', term: factory.product(from, to) };
    }
    const other = this.withoutTerms(operator, [left, right], values);
    if (other) return other;
    const sort = commonSort(operator, [left, right], values);
    if (!sort) return values[1].kind === 'empty' ? values[0] : { kind: 'empty' };
    const [kept, removed] = [
      toSort(factory, values[0], sort, left.span),
      toSort(factory, values[1], sort, right.span),
    ];
    this.refuseVariables(removed);
    return { kind: 'term', term: factory.difference(kept, removed) };
  }

  /** `|`, `&` or `\` of what is no term: sets of tags now, what an execution gives on each execution. */
  private withoutTerms(
    operator: 'union' | 'intersection' | 'difference',
    operands: readonly Expression[],
    values: readonly Value[],
  ): Value | undefined {
    const spans = operands.map(({ span }) => span);
    const join = (all: readonly Value[], runtime: Runtime): Value =>
      all.slice(1).reduce((a, b, index) => joinedText(operator, a, b, spans[index + 1], runtime), all[0]);
    if (values.some(({ kind }) => kind === 'tag' || kind === 'values') && values.every(isStatic))
      return join(values, nowhere);
    const dynamic = values.some(({ kind }) => kind === 'dynamic');
    // Beside a term, what an execution gives has the term's sort.
    if (!dynamic || values.some(({ kind }) => kind === 'term')) return undefined;
    return this.defer(values, spans[0], join);
  }

  /** All declared tags but these. */
  private otherTags(value: Value & { kind: 'values' }, span: Span): Value {
    const all: Value[] = [...this.tags()].map((name) => ({ kind: 'tag', name }));
    return joinedText('difference', { kind: 'values', items: all }, value, span, nowhere);
  }

  /** A definition by itself has a least solution only if it grows with what it is made from. */
  private refuseVariables(term: Term): void {
    if (this.factory.free(term).size > 0) throw new NotMonotone();
  }
}

/** For operations on values that no execution is needed for. */
export const nowhere = new ExecutionRuntime(0, () => {
  throw new Error('a term where there is no execution');
});

/** Whether a value is made of tags alone. */
export function isStatic(value: Value): boolean {
  switch (value.kind) {
    case 'tag':
    case 'empty':
      return true;
    case 'tuple':
    case 'values':
      return value.items.every(isStatic);
    default:
      return false;
  }
}

const symbols: Record<ListOperator | BinaryOperator, string> = {
  union: '|',
  intersection: '&',
  compose: ';',
  difference: '\\',
  product: '*',
  add: '++',
};

/** The sort of the operands of `|`, `&` or `\`; undefined when each could be either. */
function commonSort(
  operator: ListOperator | BinaryOperator,
  operands: readonly Expression[],
  values: readonly Value[],
): Sort | undefined {
  const sorts = values.map((value) => (value.kind === 'term' ? value.term.sort : undefined));
  if (sorts.includes('set') && sorts.includes('relation')) {
    const { span } = operands[sorts.indexOf('set')];
    const text = quoted(span);
    const which = text ? `the set \`${text}\`` : 'a set';
    raise(
      `\`${symbols[operator]}\` joins ${which} and a relation; write \`[${text ?? '...'}]\` for the identity on the set`,
      span,
    );
  }
  const other = values.findIndex(
    ({ kind }) => kind !== 'term' && kind !== 'empty' && kind !== 'universe' && kind !== 'dynamic',
  );
  if (other >= 0) {
    raise(
      `\`${symbols[operator]}\` takes sets or relations, not ${describe(values[other])}`,
      operands[other].span,
    );
  }
  return sorts.find((sort) => sort !== undefined);
}

/** Union and intersection of values that are all `0` or `_`. */
function withoutSort(operator: 'union' | 'intersection', values: readonly Value[]): Value {
  const absorbing = operator === 'union' ? 'universe' : 'empty';
  return values.find((value) => value.kind === absorbing) ?? values[0];
}
