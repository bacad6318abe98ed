import type { Goal } from '../candidate/collector.js';
import type { GraphArena } from '../candidate/graph-arena.js';
import type { PossibleError } from '../candidate/possible-errors.js';
import type { SearchContext } from '../candidate/search-context.js';
import type { Conflict, Theory } from '../sat/solver.js';
import { circlesPossible } from '../thin-air/thin-air.js';
import { CoherencePropagator } from './coherence-propagator.js';
import type { ConflictSet } from './conflict-set.js';
import { forbidError, requireError } from './error-obligations.js';
import { ExclusionPropagator } from './exclusion-propagator.js';
import { Explainer } from './explainer.js';
import { ModelPropagator } from './model-propagator.js';
import { SearchView } from './search-view.js';
import { SourcePropagator } from './source-propagator.js';
import { ValuePropagator } from './value-propagator.js';
import { ValueRequirements } from './value-requirements.js';
import { ORDER, SOURCE } from './variables.js';

/** What to look for in one graph. */
export interface Task {
  readonly goal: Goal;
  /** The locations whose final values what is wanted looks at. */
  readonly shown: ReadonlySet<number>;
  /** The error that the executions have to be in. */
  readonly obligation: PossibleError | undefined;
  /** Groups of CPUs that do the same, where it does not matter who is who. */
  alike(): readonly (readonly number[])[];
}

/**
 * The theory of the directed search: tells each propagator of the literals that concern it, and lets them
 * draw conclusions until none has any more. Cheap ones come first.
 */
export class Propagation implements Theory {
  readonly view: SearchView;
  readonly sources: SourcePropagator;
  readonly coherence: CoherencePropagator;
  readonly exclusions: ExclusionPropagator;
  readonly requirements: ValueRequirements;
  /** Whether the model may allow values that depend on themselves. */
  mayCircle = false;
  private readonly values: ValuePropagator;
  private readonly model: ModelPropagator;

  constructor(
    arena: GraphArena,
    context: SearchContext,
    private readonly task: Task,
    conflictSet: ConflictSet,
  ) {
    this.view = new SearchView(arena, context, task.shown, conflictSet, this);
    const explainer = new Explainer(arena.evaluator, context.dependence);
    this.sources = new SourcePropagator(this.view);
    this.values = new ValuePropagator(this.view);
    this.coherence = new CoherencePropagator(this.view);
    this.exclusions = new ExclusionPropagator(this.view, explainer);
    this.model = new ModelPropagator(this.view, this.values, explainer, this.exclusions);
    this.requirements = new ValueRequirements(this.view, task.goal);
  }

  /** Draws the conclusions that need no decision. */
  begin(): Conflict | undefined {
    const { arena, context, variables, values } = this.view;
    const conflict = this.coherence.begin();
    if (!arena.evaluator.all(context.plan.checks.program)) return this.view.blameDecisions();
    const sourcesOf = (read: number) => variables.sourcesOf(read);
    this.mayCircle = circlesPossible(arena.graph, values, sourcesOf, arena.evaluator);
    return conflict ?? this.sources.begin() ?? this.beginObligation() ?? this.requirements.begin();
  }

  private beginObligation(): Conflict | undefined {
    const { obligation, goal } = this.task;
    if (obligation) return requireError(obligation, this.view);
    if (goal.error !== 'none') return undefined;
    let conflict: Conflict | undefined;
    for (const error of this.view.arena.errors.all) conflict ??= forbidError(error, this.view);
    return conflict;
  }

  /** Draws all conclusions from what is decided. */
  propagate(): Conflict | undefined {
    const { solver } = this.view;
    do {
      do {
        const conflict = solver.propagate() ?? this.requirements.propagate();
        if (conflict) return conflict;
      } while (solver.isBehind);
      const conflict = this.model.propagate();
      if (conflict) return conflict;
    } while (solver.isBehind);
    return this.missedObligation() ?? this.knownState();
  }

  /** Why what has to come about cannot. */
  missedObligation(): Conflict | undefined {
    const { obligation } = this.task;
    if (obligation?.kind !== 'fault') return undefined;
    const excuse = this.view.arena.errors.excuseOf(obligation, this.view);
    return excuse === undefined ? undefined : this.view.blameReads([excuse]);
  }

  /** Why the execution has a state that is known already. */
  knownState(): Conflict | undefined {
    const { states } = this.task.goal;
    return states?.known(this.view) ? this.explainPlaces(states.shown) : undefined;
  }

  /** Why places hold at the end what they do. */
  explainPlaces(places: NonNullable<Goal['states']>['shown']): Conflict {
    const literals: number[] = [];
    for (const place of places) this.view.explainPlace(place, literals);
    return literals;
  }

  // --- Literals ---

  assigned(literal: number): Conflict | undefined {
    const { kind, first, second } = this.view.variables;
    const variable = literal >> 1;
    const holds = (literal & 1) === 0;
    const [from, to] = [first[variable], second[variable]];
    if (kind[variable] === ORDER) {
      this.model.reordered();
      return holds ? this.coherence.ordered(from, to, literal) : this.coherence.ordered(to, from, literal);
    }
    if (!holds) return this.sources.ruledOut(to);
    this.view.chosen[to] = variable;
    if (kind[variable] !== SOURCE) return this.coherence.lastChosen(from, literal);
    this.model.sourceChosen(to, from);
    return (
      this.values.chosen(to, from) ??
      this.sources.chosen(to, literal) ??
      this.coherence.sourceChosen(to, from, literal)
    );
  }

  retracted(literal: number): void {
    const { kind, first, second } = this.view.variables;
    const variable = literal >> 1;
    const holds = (literal & 1) === 0;
    const [from, to] = [first[variable], second[variable]];
    if (kind[variable] === ORDER) {
      this.model.reordered();
      this.coherence.retracted(holds ? from : to, holds ? to : from);
      return;
    }
    if (!holds) {
      this.sources.allowed(to);
      return;
    }
    this.view.chosen[to] = -1;
    if (kind[variable] !== SOURCE) return;
    this.model.sourceRetracted(to, from);
    this.values.retracted(to);
  }
}
