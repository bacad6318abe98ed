import { type Check, type Derivation, linksOf, type Model, printTerm } from '../../cat/index.js';
import type { Execution } from '../../check/index.js';
import { type EventId, eventId } from '../../execution/index.js';

/** How one event comes before another. */
export type StepKind =
  | 'po'
  | 'rf'
  | 'co'
  | 'fr'
  | 'addr'
  | 'data'
  | 'ctrl'
  | 'choice'
  | 'might'
  | 'rmw'
  | 'other';

/** A step of an explanation: one or more pairs of base relations that are told as one. */
export interface PathStep {
  readonly kind: StepKind;
  readonly from: EventId;
  readonly to: EventId;
  /** Of `po`: the fences that the model's rule looks at on the way. Of `fr`: the write that is read from. */
  readonly via: readonly EventId[];
  /** Of `other`: the relation. */
  readonly relation?: string;
}

/** An edge of a relation of the model, with what it rests on. */
export interface ExplainedEdge {
  readonly from: EventId;
  readonly to: EventId;
  /**
   * What the model calls the rule that makes the edge; the name of the check for all that it is of; its text
   * when it has no name.
   */
  readonly rule: string;
  readonly steps: readonly PathStep[];
  /** As the model has it. @internal */
  readonly derivation: Derivation;
}

/** @param check the check whose violation it is an edge of */
export function explainEdge(
  derivation: Derivation,
  model: Model,
  execution: Execution,
  check: Check,
): ExplainedEdge {
  return {
    from: eventId(derivation.from),
    to: eventId(derivation.to),
    rule: ruleOf(derivation, model, check),
    steps: stepsOf(derivation, execution),
    derivation,
  };
}

/** Operators that hand on what one of their parts has. */
const passing = ['union', 'optional', 'plus', 'star', 'recursive', 'variable', 'compose', 'intersection'];

/**
 * The name of the innermost definition that is the whole of a derivation, but for what only selects events.
 */
function ruleOf(derivation: Derivation, model: Model, check: Check): string {
  const { term } = derivation;
  return (
    innermost(derivation, model) ??
    model.names.get(term) ??
    (term === check.term && check.kind !== 'acyclic' ? check.name : printTerm(term))
  );
}

function innermost({ term, parts }: Derivation, model: Model): string | undefined {
  if (term.operator === 'base') return undefined;
  const selecting = ({ term: { operator } }: Derivation) => ['identity', 'base'].includes(operator);
  const rest = parts.length === 1 ? parts : parts.filter((part) => !selecting(part));
  const inner = passing.includes(term.operator) && rest.length === 1 ? rest[0] : undefined;
  const name = inner && innermost(inner, model);
  if (name !== undefined) return name;
  if (term.operator === 'union' && inner?.term.operator === 'base') return inner.term.name;
  return model.names.get(term);
}

function stepsOf(derivation: Derivation, { graph }: Execution): PathStep[] {
  const steps: PathStep[] = [];
  for (const { name, from, to, inverse } of linksOf(derivation)) {
    const last = steps[steps.length - 1];
    const [start, end] = [eventId(from), eventId(to)];
    if (last?.kind === 'po' && name === 'po' && !inverse && graph.events[last.to].kind === 'fence')
      steps[steps.length - 1] = { ...last, to: end, via: [...last.via, last.to] };
    else if (last?.kind === 'other' && last.relation === 'rf^-1' && name === 'co' && !inverse)
      steps[steps.length - 1] = { kind: 'fr', from: last.from, to: end, via: [last.to] };
    else if (inverse) steps.push({ kind: 'other', from: start, to: end, via: [], relation: `${name}^-1` });
    else if (isKind(name)) steps.push({ kind: name, from: start, to: end, via: [] });
    else if (name !== 'id') steps.push({ kind: 'other', from: start, to: end, via: [], relation: name });
  }
  return steps;
}

function isKind(name: string): name is Exclude<StepKind, 'fr' | 'other'> {
  return ['po', 'rf', 'co', 'addr', 'data', 'ctrl', 'choice', 'might', 'rmw'].includes(name);
}
