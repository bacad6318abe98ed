import type { ExecutionCollector, PartialExecution } from '../../axiomatic/index.js';
import { basePairsOf, coherenceIsRequired, type Model, restsOnPairsAlone } from '../../cat/index.js';
import {
  type CheckOptions,
  type Execution,
  type Incompleteness,
  searchExecutions,
  snapshot,
} from '../../check/index.js';
import type { ExecutionGraph } from '../../execution/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { ValueTable } from '../../program/index.js';
import { simplest, type Violation, violationsOf } from './failures.js';
import { anything, perLocation } from './own-models.js';
import { theOutcome, type Wanted, type WantedOf } from './wanted.js';

/**
 * One way to an outcome that the model rules out: an execution with the right values, and what is wrong with
 * it.
 */
export interface RuledOut {
  readonly execution: Execution;
  readonly violation: Violation;
}

/** Why an outcome, or an error with memory, cannot happen. */
export interface ForbiddenOutcome {
  /**
   * Every execution that has the outcome contains the cycle of one of these. None when no choice of sources
   * gives the values.
   */
  readonly ways: readonly RuledOut[];
  /** Whether ways that break coherence per location alone are left out. */
  readonly coherent: boolean;
  readonly incomplete: readonly Incompleteness[];
  /**
   * There are executions in which values depend on themselves and nothing fixes them: of these it is not told
   * what rules the outcome out.
   */
  readonly circular: boolean;
  /** Not all ways were looked at: there are more than the limit. */
  readonly tooMany: boolean;
}

/** Ways that are looked at, and ways that are kept. */
const MOST_CANDIDATES = 20_000;

/**
 * Why the outcome of a test, or what else is wanted, cannot happen under a model: for each way to choose
 * sources and coherence orders that gives it, the shortest cycle. A cycle that is found rules out all other
 * ways that have its rf and co: so each one that is told is needed.
 */
export function explainForbidden(
  test: LitmusTest,
  model: Model,
  options: CheckOptions = {},
  wantedOf: WantedOf = theOutcome,
): ForbiddenOutcome {
  // Accesses to one location that do not behave as on one CPU make many ways, and nothing to learn from.
  if (coherenceIsRequired(model)) {
    const found = waysTo(test, model, perLocation(), options, wantedOf);
    if (found.ways.length > 0 || found.tooMany || found.incomplete.length > 0)
      return { ...found, coherent: true };
  }
  return { ...waysTo(test, model, anything(), options, wantedOf), coherent: false };
}

function waysTo(
  test: LitmusTest,
  model: Model,
  weak: Model,
  options: CheckOptions,
  wantedOf: WantedOf,
): Omit<ForbiddenOutcome, 'coherent'> {
  const values = new ValueTable();
  const goal = new Candidates(wantedOf(test, values), model, values);
  const limits = searchExecutions(test, weak, values, goal, options);
  const incomplete = limits.filter(({ kind }) => kind !== 'circular-values');
  const circular = goal.circular || incomplete.length < limits.length;
  return { ways: distinctCycles(goal.ways), incomplete, circular, tooMany: goal.tooMany };
}

/** rf and co pairs that no consistent execution of a graph has together. */
type Nogood = readonly { readonly name: 'rf' | 'co'; readonly from: number; readonly to: number }[];

/**
 * Takes an execution that is wanted, learns why it is inconsistent, and lets the search skip all that are so
 * for the same reason.
 */
class Candidates implements ExecutionCollector {
  readonly ways: RuledOut[] = [];
  tooMany = false;
  circular = false;
  private seen = 0;
  private readonly nogoods = new Map<ExecutionGraph, Nogood[]>();

  constructor(
    private readonly wanted: Wanted,
    private readonly model: Model,
    private readonly values: ValueTable,
  ) {}

  settled(execution: PartialExecution): boolean {
    return (
      !this.wanted.isPossible(execution) ||
      (this.nogoods.get(execution.graph) ?? []).some((nogood) => hasAll(execution, nogood))
    );
  }

  found(partial: PartialExecution): boolean {
    this.circular ||= partial.hasSymbolicValues();
    if (this.settled(partial) || !this.wanted.isMet(partial)) return false;
    const execution = snapshot(partial, this.values);
    const violation = simplest(violationsOf(this.model, execution));
    // The outcome can happen after all.
    if (!violation) return false;
    this.ways.push({ execution, violation });
    const nogood = nogoodOf(violation);
    if (nogood) this.nogoods.set(partial.graph, [...(this.nogoods.get(partial.graph) ?? []), nogood]);
    this.tooMany = ++this.seen >= MOST_CANDIDATES;
    return this.tooMany;
  }
}

function hasAll(execution: PartialExecution, nogood: Nogood): boolean {
  return nogood.every(({ name, from, to }) =>
    name === 'rf' ? execution.source(to) === from : execution.coherenceBefore(from, to),
  );
}

function nogoodOf({ edges }: Violation): Nogood | undefined {
  if (edges.length === 0 || !edges.every(({ derivation }) => restsOnPairsAlone(derivation))) return undefined;
  return edges
    .flatMap(({ derivation }) => basePairsOf(derivation))
    .flatMap(({ name, from, to }) => (name === 'rf' || name === 'co' ? [{ name, from, to }] : []));
}

/** Each cycle once: two are the same when they go through the same places of the text by the same rules. */
function distinctCycles(ways: readonly RuledOut[]): RuledOut[] {
  const found = new Map<string, RuledOut>();
  for (const way of ways) {
    const key = keyOfCycle(way);
    const known = found.get(key);
    if (!known) found.set(key, way);
  }
  return [...found.values()].sort((a, b) => a.violation.edges.length - b.violation.edges.length);
}

function keyOfCycle({ execution: { graph }, violation: { check, edges } }: RuledOut): string {
  const place = (event: number): string => {
    const { cpu, thread, span, kind, cell } = graph.events[event];
    return `${thread ?? cpu}.${span?.start ?? ''}.${kind}.${cell}`;
  };
  const parts = edges.map(
    ({ from, to, steps }) =>
      `${place(from)}>${steps.map(({ kind, relation }) => relation ?? kind).join(';')}>${place(to)}`,
  );
  const turns = parts.map((_, index) => [...parts.slice(index), ...parts.slice(0, index)].join(' '));
  return `${check.name} ${turns.sort()[0] ?? ''}`;
}
