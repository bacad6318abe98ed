import type { Execution } from '../../check/index.js';
import type { EventId } from '../../execution/index.js';
import {
  type Explanation,
  type Explanations,
  namesOutcome,
  type PathStep,
  type Reordering,
} from '../../explain/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import { formatCondition } from '../format.js';

/** What a picture shows of an execution. */
export interface Picture {
  /** The test and the model. */
  readonly heading: string;
  /** The condition, or the name of an error with memory. */
  readonly asked: string;
  readonly verdict: string;
  readonly isForbidden: boolean;
  readonly execution: Execution;
  /** Steps that are drawn thick: a cycle. */
  readonly cycle: readonly PathStep[];
  /** Program order that is not kept. */
  readonly reorderings: readonly Reordering[];
  /** Numbers the events. */
  readonly order?: readonly EventId[] | undefined;
}

/**
 * What there is to draw of a test: its outcome; where its condition names none, or none that any choice of
 * sources gives, the first of its errors with memory that can come about, or else the first that cannot.
 * @param way of what is forbidden, which of the ways to it, from 1
 * @throws RangeError when there is nothing to draw; the message says why
 */
export function pictureOfAll(
  { errors, outcome }: Explanations,
  test: LitmusTest,
  model: string,
  way = 1,
): Picture {
  const isDrawn = (one: Explanation | undefined) =>
    one?.kind === 'allowed' || (one?.kind === 'forbidden' && one.forbidden.ways.length > 0);
  const drawn = [...errors].filter(([, explanation]) => isDrawn(explanation));
  const [error] = [...drawn.filter(([, { kind }]) => kind === 'allowed'), ...drawn];
  if (error && !(namesOutcome(test) && isDrawn(outcome)))
    return pictureOf(error[1], test, model, way, error[0]);
  return pictureOf(outcome ?? { kind: 'none', reason: 'the condition names no outcome' }, test, model, way);
}

/** The condition; and that it is broken, where what is drawn breaks it. */
function askedOf(test: LitmusTest): string {
  const condition = formatCondition(test);
  return test.condition.quantifier === 'exists' ? condition : `against ${condition}`;
}

/**
 * What there is to draw of an explanation: the execution with the outcome, or one of the ways to it that are
 * forbidden.
 * @param way which of the ways, from 1
 * @param error the error with memory that it is of; without, it is of the test's outcome
 * @throws RangeError when there is nothing to draw; the message says why
 */
export function pictureOf(
  explanation: Explanation,
  test: LitmusTest,
  model: string,
  way = 1,
  error?: string,
): Picture {
  const about = { heading: `${test.name} under ${model}`, asked: error ?? askedOf(test) };
  switch (explanation.kind) {
    case 'none':
      throw new RangeError(explanation.reason);
    case 'allowed': {
      const { execution, cycle, reorderings, sequential, order } = explanation.allowed;
      const steps = cycle.flatMap((edge) => edge.steps);
      // Where stores reach CPUs one by one, no single order is the story.
      const told = sequential || reorderings.length > 0;
      return {
        ...about,
        verdict: 'can happen',
        isForbidden: false,
        execution,
        cycle: steps,
        reorderings,
        ...(told ? { order } : {}),
      };
    }
    case 'forbidden': {
      const { ways, circular } = explanation.forbidden;
      if (ways.length === 0) {
        const circles = circular ? ', unless values could come out of themselves' : '';
        throw new RangeError(`no choice of what the loads read gives the outcome${circles}`);
      }
      const chosen = ways[way - 1];
      if (!chosen) throw new RangeError(`there is no way ${way} to the outcome, only ${ways.length}`);
      const { execution, violation } = chosen;
      const number = ways.length > 1 ? ` (way ${way} of ${ways.length})` : '';
      const { edges, back, beside } = violation;
      const told = [...edges, ...(back ? [back] : []), ...(beside ? [beside] : [])];
      const cycle = told.flatMap((edge) => edge.steps);
      return {
        ...about,
        verdict: `forbidden by ${violation.check.name}${number}`,
        isForbidden: true,
        execution,
        cycle,
        reorderings: [],
      };
    }
  }
}
