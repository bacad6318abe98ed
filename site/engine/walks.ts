import {
  type Era,
  formatCondition,
  formatState,
  type LitmusTest,
  type MachineView,
  Stepper,
} from '../../src/index.js';
import type { CpuSight, MachineSight, WalkAnswer, WalkRequest, WayAnswer } from '../logic/protocol.js';
import { architectureFor, testOf } from './tests.js';

/** As many as a person waits for. */
const MOST_STATES = 2_000_000;

function stepperFor(test: LitmusTest, { machine, kernel }: WalkRequest): Stepper {
  const target = { architecture: architectureFor(machine), era: kernel as Era };
  return new Stepper(test, machine, test.program.dialect === 'C' ? { target } : {});
}

/**
 * Where choices lead. A choice that there is not ends the walk before it: a link may be of another version.
 */
export function walkOn(request: WalkRequest): WalkAnswer {
  const test = testOf(request.text);
  const stepper = stepperFor(test, request);
  const told: string[] = [];
  let before: MachineView | undefined;
  for (const choice of request.choices) {
    const options = stepper.steps();
    if (options[choice] === undefined) break;
    before = stepper.view();
    told.push(stepper.take(choice).text);
  }
  const end = stepper.end();
  return {
    told,
    view: sightOf(stepper.view()),
    before: before && sightOf(before),
    options: stepper.steps(),
    end: end && {
      text: formatState(end, stepper.observables, test.program),
      satisfies: end.satisfies,
      admitted: end.admitted,
    },
    errors: stepper.errors().map(({ name }) => name),
    isCut: stepper.isCut(),
    condition: formatCondition(test),
  };
}

/** The way to what the test asks about: for `forall`, to what speaks against it. */
export function wayOn(request: WalkRequest): WayAnswer {
  const stepper = stepperFor(askedOf(testOf(request.text)), request);
  for (const choice of request.choices) stepper.take(choice);
  const start = Date.now();
  const expired = (): boolean => Date.now() - start > request.limit;
  const found = stepper.wayToCondition({ expired, maxStates: MOST_STATES });
  if (found === 'limit') return { kind: 'limit' };
  return found ? { kind: 'way', choices: found } : { kind: 'none' };
}

function askedOf(test: LitmusTest): LitmusTest {
  const { quantifier, proposition } = test.condition;
  if (quantifier !== 'forall') return test;
  return { ...test, condition: { quantifier: 'exists', proposition: { kind: 'not', operand: proposition } } };
}

function sightOf({ memory, cpus }: MachineView): MachineSight {
  return { memory, cpus: cpus.map(cpuSight) };
}

function cpuSight({ name, threads, parts }: MachineView['cpus'][number]): CpuSight {
  return {
    name,
    parts,
    threads: threads.map(({ name: thread, status, next, registers }) => ({
      name: thread,
      status,
      registers,
      ...(next && {
        next: {
          start: next.start,
          end: next.end,
          line: next.source.position(next.start).line,
          text: next.source.text.slice(next.start, next.end).replace(/\s+/g, ' '),
        },
      }),
    })),
  };
}
