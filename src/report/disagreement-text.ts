import {
  beyond,
  type EngineAnswer,
  type EngineDisagreement,
  type FinalState,
  type Side,
} from '../check/index.js';
import { parseSyntax, printLitmus } from '../litmus/index.js';
import { formatState } from './format.js';

const AGREEMENT = {
  full: 'the final states of both are the same',
  partial: 'the final states that were seen agree, but a limit was reached before all were',
} as const;

/** Who gave an answer, and what that took: `engine: operational, 13 states, 18 transitions`. */
export function engineText({ engine, chosen, agreement, result }: EngineAnswer): string {
  const { machine, counts } = result;
  const states = machine ? `, ${machine.states} states, ${machine.transitions} transitions` : '';
  const decisions = engine === 'operational' ? '' : `, ${counts.decisions} decisions`;
  const compared = agreement === undefined ? '' : `, ${AGREEMENT[agreement]}`;
  return `engine: ${engine}${decisions}${states}${compared}${chosen === undefined ? '' : ` (auto: ${chosen})`}`;
}

/**
 * All that there is to know about two engines that differ: the program, what each of them found, and the
 * difference.
 */
export function disagreementReport(error: EngineDisagreement): string {
  const { test, axiomatic, operational, subject } = error;
  const only = (one: Side, other: Side): string[] => {
    const states = statesText(error, beyond(one, other), '    ');
    return states.length > 0 ? states : ['    none'];
  };
  const lines = [
    `${error.message}: this is a fault of fenceline, or of the model or machine. No verdict is given.`,
    '',
    printLitmus(parseSyntax(test.source)).trimEnd(),
    '',
    ...sideText(error, `the model ${subject} allows`, axiomatic),
    ...sideText(error, `the machine ${subject} reaches`, operational),
  ];
  lines.push('  allowed, but not reached:', ...only(axiomatic, operational));
  lines.push('  reached, but not allowed:', ...only(operational, axiomatic));
  return lines.join('\n');
}

/** The same for `--format json`. */
export function disagreementJson(error: EngineDisagreement): unknown {
  const { test, subject, axiomatic, operational } = error;
  const side = ({ complete, states, errors }: Side) => ({
    complete,
    states: statesText(error, states, ''),
    errors,
  });
  return {
    test: test.name,
    file: test.source.name,
    model: subject,
    disagreement: { axiomatic: side(axiomatic), operational: side(operational) },
  };
}

function sideText(error: EngineDisagreement, head: string, side: Side): string[] {
  const some = side.complete ? '' : ' (not all was seen)';
  const { length } = side.states;
  return [
    `  ${head} ${length} final state${length === 1 ? '' : 's'}${some}:`,
    ...statesText(error, side.states, '    '),
    ...(side.errors.length > 0 ? [`  and executions in error: ${side.errors.join(', ')}`] : []),
  ];
}

function statesText(
  { test, observables }: EngineDisagreement,
  states: readonly FinalState[],
  margin: string,
): string[] {
  const shown = states.map((state) => `${margin}${formatState(state, observables, test.program)}`).sort();
  return shown;
}
