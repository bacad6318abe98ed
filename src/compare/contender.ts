import {
  type CheckOptions,
  type CheckResult,
  checkWith,
  type EngineName,
  type Subject,
} from '../check/index.js';
import type { KernelTarget } from '../kernel/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { isPointer, type Value, valueKey } from '../program/index.js';

/** What is compared: a model or a machine, and for C the machine that primitives are mapped to. */
export interface Contender extends Subject {
  readonly target?: KernelTarget;
  /** @default 'axiomatic' */
  readonly engine?: EngineName;
}

/** The final states that a contender has of a test. */
export interface Answer {
  /** By a text that is the same for the same state, whoever has it. */
  readonly states: ReadonlyMap<string, readonly Value[]>;
  readonly observables: CheckResult['observables'];
  /** Whether these are all. */
  readonly isComplete: boolean;
  readonly result: CheckResult;
}

/**
 * All final states of a test.
 * @throws SourceError, EngineError as `checkWith` does
 */
export function statesOf(test: LitmusTest, contender: Contender, options: CheckOptions = {}): Answer {
  const { target, engine = 'axiomatic' } = contender;
  const { result } = checkWith(test, engine, contender, {
    ...options,
    question: 'states',
    ...(target && { target }),
  });
  const states = new Map(result.states.map(({ values }) => [stateKey(values), values]));
  return { states, observables: result.observables, isComplete: result.incomplete.length === 0, result };
}

function stateKey(values: readonly Value[]): string {
  return values.map((value) => (isPointer(value) ? valueKey(value) : value.toString())).join(' ');
}

/** States that the first has and the second, which has seen everything, has not. */
export function onlyIn(first: Answer, second: Answer): (readonly Value[])[] {
  if (!second.isComplete) return [];
  return [...first.states].filter(([key]) => !second.states.has(key)).map(([, values]) => values);
}
