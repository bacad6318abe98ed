import { type Check, type Derivation, Deriver, type Model, wayBackOf, wayBesideOf } from '../../cat/index.js';
import type { Execution } from '../../check/index.js';
import { evaluateExecution } from './evaluate.js';
import { type ExplainedEdge, explainEdge } from './explained-path.js';

/** A check of the model that an execution does not pass. */
export interface Violation {
  readonly check: Check;
  /**
   * What makes it fail: for `acyclic` the edges of a cycle in order, for `irreflexive` and `empty` one pair
   * or, of a set, one event. None for a check that asks for something to be there.
   */
  readonly edges: readonly ExplainedEdge[];
  /** Of one pair that stands against an order: that order, from the pair's second event back to its first. */
  readonly back?: ExplainedEdge;
  /**
   * Of one pair that two relations must not both lead to: the other one, from the pair's first event to its
   * second.
   */
  readonly beside?: ExplainedEdge;
}

/** All checks that an execution does not pass, each with the cheapest reason. */
export function violationsOf(model: Model, execution: Execution): Violation[] {
  const evaluator = evaluateExecution(model, execution);
  const deriver = new Deriver(evaluator);
  return model.checks
    .filter((check) => !check.flag && !check.assertion)
    .filter((check) => !evaluator.test({ check, slot: check.term.id, stage: check.term.stage }))
    .map((check) => {
      const derivations = reasons(check, deriver, execution);
      const explained = (edge: Derivation) => explainEdge(edge, model, execution, check);
      const [pair] = check.kind === 'empty' ? derivations : [];
      const back = pair && wayBackOf(pair);
      const beside = pair && !back ? wayBesideOf(pair) : undefined;
      return {
        check,
        edges: derivations.map(explained),
        ...(back ? { back: explained(back) } : {}),
        ...(beside ? { beside: explained(beside) } : {}),
      };
    });
}

function reasons({ kind, negated, term }: Check, deriver: Deriver, { graph }: Execution): Derivation[] {
  if (negated) return [];
  if (kind === 'acyclic') return deriver.cheapestCycle(term) ?? [];
  const n = graph.events.length;
  let best: readonly [number, number] | undefined;
  for (let from = 0; from < n; from++) {
    for (let to = 0; to < n; to++) {
      if ((kind === 'irreflexive' || term.sort === 'set') && from !== to) continue;
      const cost = deriver.cost(term, from, to);
      if (cost < (best ? deriver.cost(term, ...best) : Number.POSITIVE_INFINITY)) best = [from, to];
    }
  }
  return best ? [deriver.derive(term, ...best)] : [];
}

/**
 * The violation that takes the fewest steps to tell; the first in the order of the model's text if several
 * do.
 */
export function simplest(violations: readonly Violation[]): Violation | undefined {
  const length = ({ edges }: Violation) =>
    edges.reduce((sum, { steps }) => sum + Math.max(1, steps.length), 0);
  const told = violations.filter(({ edges }) => edges.length > 0);
  let best = told[0] ?? violations[0];
  for (const violation of told) if (length(violation) < length(best)) best = violation;
  return best;
}
