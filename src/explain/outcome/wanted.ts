import type { ExecutionCollector, PartialExecution } from '../../axiomatic/index.js';
import { compileProposition, type Outcome, searchExecutions, type Truth } from '../../check/index.js';
import type { LitmusTest } from '../../litmus/index.js';
import {
  type ErrorName,
  errorNames,
  isErrorName,
  type Proposition,
  ValueTable,
} from '../../program/index.js';
import { anything } from './own-models.js';

/**
 * What is to be explained: executions that end in the outcome that a test asks about, or those in an error.
 */
export interface Wanted {
  /** False once nothing that an execution can still become is wanted. */
  isPossible(execution: PartialExecution): boolean;
  /** Whether a complete execution is wanted. */
  isMet(execution: PartialExecution): boolean;
}

/** Makes what is wanted of a test, for one search and its values. */
export type WantedOf = (test: LitmusTest, values: ValueTable) => Wanted;

/** What a test asks about: what `exists` and `~exists` name, and what speaks against `forall`. */
function wantedOutcome({ condition: { quantifier, proposition } }: LitmusTest): Proposition {
  return quantifier === 'forall' ? { kind: 'not', operand: proposition } : proposition;
}

/**
 * Whether a test's condition names an outcome: with `true`, or with no condition, only errors can be asked
 * about.
 */
export function namesOutcome({ condition: { proposition } }: LitmusTest): boolean {
  return proposition.kind !== 'true';
}

/** An execution that comes to its end, in no error, and has the outcome then. */
export const theOutcome: WantedOf = (test, values) => {
  const holds = compileProposition(wantedOutcome(test), values);
  const admitted = admission(test, values);
  const isPossible = (execution: PartialExecution) =>
    holds(execution) !== false && admitted(execution) !== false;
  return {
    isPossible,
    isMet: (execution) => isPossible(execution) && execution.errors().length === 0,
  };
};

/** An execution that is in an error, whatever else it comes to. */
export function theError(name: ErrorName): WantedOf {
  return (test, values) => {
    const admitted = admission(test, values);
    return {
      isPossible: (execution) => execution.mayRaise(name) && admitted(execution) !== false,
      isMet: (execution) =>
        execution.errors().some((error) => error.name === name) &&
        (execution.graph.partial ? test.filter === undefined : admitted(execution) !== false),
    };
  };
}

function admission({ filter }: LitmusTest, values: ValueTable): (outcome: Outcome) => Truth {
  return filter ? compileProposition(filter, values) : () => true;
}

/** The errors that the events of a test allow, whatever is read. @throws SourceError as `check` does */
export function errorsToAskFor(
  test: LitmusTest,
  options: Parameters<typeof searchExecutions>[4],
): ErrorName[] {
  const goal = new Names();
  searchExecutions(test, anything(), new ValueTable(), goal, options);
  return errorNames.filter((name) => goal.names.has(name));
}

/** Takes the names of the errors that a search could find, and nothing else. */
class Names implements ExecutionCollector {
  names: ReadonlySet<string> = new Set();

  expectFlags(names: ReadonlySet<string>): void {
    this.names = new Set([...names].filter(isErrorName));
  }

  settled(): boolean {
    return true;
  }

  found(): boolean {
    return true;
  }
}
