import { type Check, Evaluator, type Model, type Plan, planOf } from '../../src/cat/index.js';
import { EventSet, Relation } from '../../src/relation/index.js';
import type { Environment, Value } from './naive.js';

/** One way to make the choices of a model on an execution. */
export interface Outcome {
  /** The members of each check's term, in the order of the model's checks. */
  readonly values: readonly Value[];
  /** Names of the checks that fail, and of the flags that are raised. */
  readonly failed: readonly string[];
  readonly raised: readonly string[];
}

/**
 * Evaluates a model on an execution in the stages of its plan, as a search does: bases that the search
 * changes hold other members while earlier stages run.
 */
export function outcomes(
  model: Model,
  environment: Environment,
  evaluator = new Evaluator(planFor(model), environment.events),
): Outcome[] {
  const found: Outcome[] = [];
  evaluate(evaluator, environment, () => found.push(outcome(model, evaluator.plan, evaluator)));
  return found;
}

const plans = new WeakMap<Model, Plan>();

/** The plan of a model, made once: a property asks for that of a model that ships again and again. */
export function planFor(model: Model): Plan {
  const plan = plans.get(model) ?? planOf(model);
  plans.set(model, plan);
  return plan;
}

/** The values of a model without choices on an execution. */
export function valuesOn(model: Model, environment: Environment, plan = planFor(model)): Evaluator {
  const evaluator = new Evaluator(plan, environment.events);
  evaluate(evaluator, environment, () => undefined);
  return evaluator;
}

/** Calls `done` for each way to make the choices. */
function evaluate(evaluator: Evaluator, environment: Environment, done: () => void): void {
  const { plan } = evaluator;
  const { steps } = plan;
  for (const { name, slot } of plan.bases) fill(evaluator, name, slot, environment);
  evaluator.begin();
  choose(plan.programChoices, evaluator, () => {
    put(evaluator, plan.rf, 'relation', new Set());
    put(evaluator, plan.co, 'relation', new Set());
    evaluator.run(steps.pruneReads);
    evaluator.run(steps.pruneCoherence);
    fill(evaluator, 'rf', plan.rf, environment);
    evaluator.run(steps.pruneReads);
    if (plan.differentValues >= 0) fill(evaluator, 'different-values', plan.differentValues, environment);
    evaluator.run(steps.finalReads);
    fill(evaluator, 'co', plan.co, environment);
    evaluator.run(steps.pruneCoherence);
    if (plan.finalWrites >= 0) fill(evaluator, 'FW', plan.finalWrites, environment);
    evaluator.run(steps.finalCoherence);
    choose(plan.choices, evaluator, done);
  });
}

function choose(choices: Plan['choices'], evaluator: Evaluator, done: () => void): void {
  const [choice, ...rest] = choices;
  if (!choice) {
    done();
    return;
  }
  for (const relation of evaluator.choices(choice)) {
    evaluator.choose(choice, relation);
    evaluator.run(choice.steps);
    choose(rest, evaluator, done);
  }
}

function outcome(model: Model, plan: Plan, evaluator: Evaluator): Outcome {
  const holds = (check: Check) => evaluator.test({ check, slot: check.term.id, stage: check.term.stage });
  return {
    values: model.checks.map(({ term }) => members(evaluator, term.id, plan.slots[term.id].sort)),
    failed: model.checks.filter((check) => !check.flag && !holds(check)).map(({ name }) => name),
    raised: model.checks.filter((check) => check.flag && holds(check)).map(({ name }) => name),
  };
}

/** Puts what a base has in an environment into its slot. */
export function fill(evaluator: Evaluator, name: string, slot: number, { bases, events }: Environment): void {
  const sort = evaluator.plan.slots[slot].sort;
  const all = Array.from({ length: events }, (_, index) => String(index));
  const value = name === '_' ? all : name === 'id' ? all.map((event) => `${event},${event}`) : bases[name];
  put(evaluator, slot, sort, new Set(value ?? []));
}

function put(evaluator: Evaluator, slot: number, sort: 'set' | 'relation', value: Value): void {
  const { m, n, offsets } = evaluator;
  if (sort === 'set') EventSet.from(n, [...value].map(Number)).copyTo(m, offsets[slot]);
  else
    Relation.from(
      n,
      [...value].map((pair) => pair.split(',').map(Number) as [number, number]),
    ).copyTo(m, offsets[slot]);
}

/** What the evaluator has in a slot. */
export function members(evaluator: Evaluator, slot: number, sort: 'set' | 'relation'): Value {
  const { m, n, offsets } = evaluator;
  if (sort === 'set') return new Set(Array.from(EventSet.fromArena(m, offsets[slot], n), String));
  return new Set(Array.from(Relation.fromArena(m, offsets[slot], n), ([i, j]) => `${i},${j}`));
}
