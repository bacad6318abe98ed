import type { ExecutionCollector, PartialExecution } from '../../axiomatic/index.js';
import { type Check, Deriver, type Evaluator, type Model, PROGRAM, shippedModel } from '../../cat/index.js';
import {
  type CheckOptions,
  type Execution,
  effectOrder,
  searchExecutions,
  snapshot,
} from '../../check/index.js';
import type { EventId } from '../../execution/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { ValueTable } from '../../program/index.js';
import * as bits from '../../relation/index.js';
import { canEvaluate, evaluateExecution } from './evaluate.js';
import { type ExplainedEdge, explainEdge } from './explained-path.js';
import { violationsOf } from './failures.js';
import { accessOrder, justified } from './own-models.js';
import { theOutcome, type Wanted, type WantedOf } from './wanted.js';

/** Two accesses of one CPU of which the later in program order takes effect first. */
export interface Reordering {
  readonly first: EventId;
  readonly second: EventId;
}

/** How an outcome, or an error with memory, can happen. */
export interface AllowedOutcome {
  readonly execution: Execution;
  /** Its events in an order in which they take effect; undefined when no single order explains them. */
  readonly order: readonly EventId[] | undefined;
  /** No reordering is needed: it can happen under sequential consistency. */
  readonly sequential: boolean;
  /**
   * Otherwise: the shortest cycle of program order and communication. Some of its program order is not the
   * model's, or no single order of effects is.
   */
  readonly cycle: readonly ExplainedEdge[];
  /**
   * Pairs of the cycle that the model does not keep in order, and that are out of it in `order` if there is
   * one. Of a model that makes choices of its own it is not known what it keeps: those that are out of order.
   */
  readonly reorderings: readonly Reordering[];
  /** The check of the model that could have kept them in order. */
  readonly check: Check | undefined;
  /**
   * Whether accesses depend on each other round in a circle, so that what they read is there because of
   * itself.
   */
  readonly circular: boolean;
}

/** Executions that are looked at for the one that is easiest to tell. */
const MOST_WITNESSES = 300;

/**
 * An execution with the outcome of a test, or what else is wanted, with as few reorderings as are found;
 * undefined when there is none, or none within the limits.
 */
export function explainAllowed(
  test: LitmusTest,
  model: Model,
  options: CheckOptions = {},
  wantedOf: WantedOf = theOutcome,
): AllowedOutcome | undefined {
  if (canEvaluate(model)) {
    const sequential = witnesses(test, shippedModel('sc'), options, wantedOf, (one) =>
      violationsOf(model, one).length === 0 ? 0 : 1,
    );
    if (sequential?.rank === 0) return tellAllowed(sequential.execution, model);
  }
  const found = witnesses(test, model, options, wantedOf, (one) => {
    const { sequential, reorderings } = tellAllowed(one, model);
    return sequential ? 0 : Math.max(1, reorderings.length);
  });
  return found && tellAllowed(found.execution, model);
}

interface Ranked {
  readonly execution: Execution;
  readonly rank: number;
}

function witnesses(
  test: LitmusTest,
  model: Model,
  options: CheckOptions,
  wantedOf: WantedOf,
  rank: (execution: Execution) => number,
): Ranked | undefined {
  const values = new ValueTable();
  const goal = new Best(wantedOf(test, values), values, rank);
  searchExecutions(test, model, values, goal, options);
  return goal.best;
}

/** Takes executions that are wanted, and keeps the one of the lowest rank. */
class Best implements ExecutionCollector {
  best: Ranked | undefined;
  private seen = 0;

  constructor(
    private readonly wanted: Wanted,
    private readonly values: ValueTable,
    private readonly rank: (execution: Execution) => number,
  ) {}

  settled(execution: PartialExecution): boolean {
    return !this.wanted.isPossible(execution);
  }

  found(partial: PartialExecution): boolean {
    if (!this.wanted.isMet(partial)) return false;
    const execution = snapshot(partial, this.values);
    const rank = this.rank(execution);
    if (!this.best || rank < this.best.rank) this.best = { execution, rank };
    return rank === 0 || ++this.seen >= MOST_WITNESSES;
  }
}

/** What there is to say of a consistent execution. */
function tellAllowed(execution: Execution, model: Model): AllowedOutcome {
  const order = effectOrder(execution);
  const inOrder = accessOrder();
  const deriver = new Deriver(evaluateExecution(inOrder, execution));
  const cycle = (deriver.cheapestCycle(inOrder.checks[0].term) ?? []).map((edge) =>
    explainEdge(edge, inOrder, execution, inOrder.checks[0]),
  );
  if (cycle.length === 0) {
    const nothing = { reorderings: [], check: undefined, circular: false };
    return { execution, order, sequential: true, cycle, ...nothing };
  }
  const inProgramOrder = cycle.filter(({ steps }) => steps.every(({ kind }) => kind === 'po'));
  const { check, relaxed } = canEvaluate(model)
    ? notKept(inProgramOrder, model, execution)
    : { check: undefined, relaxed: order ? inProgramOrder : [] };
  const pairs = relaxed.map(({ from, to }): Reordering => ({ first: from, second: to }));
  const seen = order ? pairs.filter(({ first, second }) => order.indexOf(second) < order.indexOf(first)) : [];
  const reorderings = seen.length > 0 || !canEvaluate(model) ? seen : pairs;
  const circular = violationsOf(justified(), execution).length > 0;
  return { execution, order, sequential: false, cycle, reorderings, check, circular };
}

/**
 * The edges that no path of the model's order contains. The order is that of the acyclic check that leaves
 * the fewest of them out, but some; of several, the last in the text: it is the strongest. Coherence per
 * location is not meant: it orders single locations.
 */
function notKept(edges: readonly ExplainedEdge[], model: Model, execution: Execution) {
  const evaluator = evaluateExecution(model, execution);
  let best: { check: Check | undefined; relaxed: readonly ExplainedEdge[] } = {
    check: undefined,
    relaxed: [],
  };
  const checks = model.checks.filter(({ kind, negated, flag }) => kind === 'acyclic' && !negated && !flag);
  const orders = checks.filter(({ term }) => !isCoherence(term, model));
  for (const check of orders.length > 0 ? orders : checks) {
    const isKept = isGlobal(check.term)
      ? closureOf(check.term, evaluator)
      : rulesIn(check.term, model, evaluator);
    const relaxed = edges.filter(({ from, to }) => !isKept(from, to));
    if (relaxed.length > 0 && (!best.check || relaxed.length <= best.relaxed.length))
      best = { check, relaxed };
    if (relaxed.length === 0 && !isGlobal(check.term)) return { check: undefined, relaxed: [] };
  }
  return best;
}

type Kept = (from: number, to: number) => boolean;

/**
 * Whether a check is of one order in which all accesses take effect: one of its parts is a CPU's own order.
 */
function isGlobal(term: Check['term']): boolean {
  return (
    term.operator === 'union' &&
    term.args.some(({ stage, operator }) => stage === PROGRAM && operator !== 'identity')
  );
}

function closureOf(term: Check['term'], { m, n, w, offsets }: Evaluator): Kept {
  const closed = m.slice(offsets[term.id], offsets[term.id] + n * w);
  bits.transitiveClosure(closed, 0, 0, n, w);
  return (from, to) => bits.has(closed, 0, from, to, w);
}

/**
 * What models in which stores reach CPUs one by one call the orders of one CPU's accesses (the kernel's, and
 * those of POWER and Arm).
 */
const LOCAL_ORDERS = new Set(
  [
    'hb',
    'ppo',
    'fence',
    'fences',
    'to-write',
    'to-read',
    'to-w',
    'to-r',
    'rmb',
    'wmb',
    'mb',
    'mb-fence',
    'mb-atomic',
  ].concat([
    'mb-near-atomic',
    'mb-near-lock',
    'mb-near-srcu',
    'gp',
    'po-rel',
    'acq-po',
    'po-unlock-lock-po',
    'strong-fence',
    'cumul-fence',
  ]),
);

/**
 * Where stores reach CPUs one by one, a check is not about the order of one CPU's accesses: the rules are
 * that it is made of.
 */
function rulesIn(term: Check['term'], model: Model, { m, n, w, offsets }: Evaluator): Kept {
  const rules = [...partsOfOutcome(term)].filter(
    (part) => part.sort === 'relation' && LOCAL_ORDERS.has(model.names.get(part) ?? ''),
  );
  const closed = new Int32Array(n * w);
  for (const { id } of rules) for (let word = 0; word < n * w; word++) closed[word] |= m[offsets[id] + word];
  bits.transitiveClosure(closed, 0, 0, n, w);
  return (from, to) => bits.has(closed, 0, from, to, w);
}

function partsOfOutcome(term: Check['term'], found = new Set<Check['term']>()): Set<Check['term']> {
  if (found.has(term)) return found;
  found.add(term);
  for (const part of [...term.args, ...(term.group?.bodies ?? [])]) partsOfOutcome(part, found);
  return found;
}

function isCoherence(term: Check['term'], model: Model): boolean {
  return term.operator === 'union' && term.args.some((arg) => model.names.get(arg) === 'po-loc');
}
