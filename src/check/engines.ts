import type { Model } from '../cat/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { isPointer, valueKey } from '../program/index.js';
import { checkAutomatically } from './auto.js';
import { type CheckOptions, type CheckResult, check, checkOnMachine } from './check.js';
import type { FinalState } from './goals.js';
import { machineNames } from './machine-run.js';

/**
 * What may answer a question: a search over a model's executions, a machine's steps, both of them compared,
 * or what is chosen.
 */
export const engines = ['axiomatic', 'operational', 'both', 'auto'] as const;
/** One of `engines`. */
export type EngineName = (typeof engines)[number];

/** What a test is checked under: a model, a machine, or a model and the machine of its name. */
export interface Subject {
  readonly name: string;
  readonly model?: Model;
  readonly machine?: string;
}

/** An answer, and who gave it. */
export interface EngineAnswer {
  readonly result: CheckResult;
  readonly engine: Exclude<EngineName, 'auto'>;
  /** Why `auto` chose this engine. */
  readonly chosen?: string;
  /**
   * Where both answered and agree: on all final states, or on those that were seen before a limit was
   * reached.
   */
  readonly agreement?: 'full' | 'partial';
}

/**
 * An engine cannot answer: it needs a model or a machine that there is not, or cannot count what is asked
 * for.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code = 'no-engine';
}

/** What one engine found out, where the two differ. */
export interface Side {
  readonly states: readonly FinalState[];
  /** The errors that some execution is in. */
  readonly errors: readonly string[];
  /** Whether it saw everything. */
  readonly complete: boolean;
}

/** The engines do not agree: one of them, the model or the machine is wrong. */
export class EngineDisagreement extends Error {
  override readonly name = 'EngineDisagreement';
  readonly code = 'disagreement';

  constructor(
    readonly test: LitmusTest,
    readonly subject: string,
    readonly observables: CheckResult['observables'],
    readonly axiomatic: Side,
    readonly operational: Side,
  ) {
    super(`${test.name}: the engines disagree under ${subject}`);
  }
}

/**
 * Answers a question with an engine.
 * @throws EngineError when the engine needs a model or a machine that the subject has not, or is asked what
 * it cannot count
 * @throws EngineDisagreement when both engines are asked and differ
 * @throws SourceError as `check` does
 */
export function checkWith(
  test: LitmusTest,
  engine: EngineName,
  subject: Subject,
  options: CheckOptions = {},
): EngineAnswer {
  switch (engine) {
    case 'axiomatic':
      return { engine, result: check(test, modelOf(subject), options) };
    case 'operational':
      if (options.question === 'count')
        throw new EngineError(
          'a machine has states, and no executions to count: the axiomatic engine counts',
        );
      return { engine, result: checkOnMachine(test, machineOf(subject), options) };
    case 'both':
      return { engine, ...compared(test, subject, options) };
    case 'auto':
      return automatically(test, subject, options);
  }
}

function automatically(test: LitmusTest, subject: Subject, options: CheckOptions): EngineAnswer {
  const { name, model, machine } = subject;
  const by = (engine: 'axiomatic' | 'operational', chosen: string): EngineAnswer => ({
    ...checkWith(test, engine, subject, options),
    chosen,
  });
  if (!model) return by('operational', `there is no model ${name}`);
  if (machine === undefined) return by('axiomatic', `there is no machine ${name}`);
  if (options.question === 'count') return by('axiomatic', 'a machine does not count executions');
  return checkAutomatically(test, model, machine, options);
}

function modelOf({ name, model }: Subject): Model {
  if (!model)
    throw new EngineError(
      `${name} is a machine without a model of its name: only the operational engine runs it`,
    );
  return model;
}

function machineOf({ name, machine }: Subject): string {
  if (machine === undefined)
    throw new EngineError(`there is no machine ${name}; there are ${machineNames.join(', ')}`);
  return machine;
}

/** The axiomatic engine's answer, once the machine is known to have the same final states. */
function compared(
  test: LitmusTest,
  subject: Subject,
  options: CheckOptions,
): Pick<EngineAnswer, 'result' | 'agreement'> {
  const { question = 'verdict' } = options;
  const model = modelOf(subject);
  const states = { ...options, question: 'states' } as const;
  const axiomatic = check(test, model, question === 'verdict' ? states : options);
  const operational = checkOnMachine(test, machineOf(subject), states);
  const sides = [sideOf(axiomatic), sideOf(operational)] as const;
  if (!agree(...sides)) throw new EngineDisagreement(test, subject.name, axiomatic.observables, ...sides);
  const { machine } = operational;
  const kept = question === 'verdict' ? [] : axiomatic.states;
  return {
    result: { ...axiomatic, question, states: kept, ...(machine ? { machine } : {}) },
    agreement: sides.every(({ complete }) => complete) ? 'full' : 'partial',
  };
}

function sideOf({ errors, states, incomplete }: CheckResult): Side {
  return { states, errors, complete: incomplete.length === 0 };
}

/** Whether two sides say the same; what a side that has not seen everything leaves out may be there. */
function agree(a: Side, b: Side): boolean {
  return (!b.complete || saysNoMore(a, b)) && (!a.complete || saysNoMore(b, a));
}

function saysNoMore(one: Side, other: Side): boolean {
  return beyond(one, other).length === 0 && one.errors.every((error) => other.errors.includes(error));
}

/** The states of one side that the other has not. */
export function beyond(one: Side, other: Side): FinalState[] {
  const known = new Set(other.states.map(keyOfState));
  return one.states.filter((state) => !known.has(keyOfState(state)));
}

function keyOfState({ values }: FinalState): string {
  return values.map((value) => (isPointer(value) ? valueKey(value) : String(value))).join(',');
}
