import { architectureOf, checkOnMachine, type MachineTrace, machineNames } from '../check/index.js';
import type { LitmusTest } from '../litmus/index.js';
import { testAt } from './ask.js';
import type { Quiz, Variant } from './quiz.js';

/** Machines that a quiz's programs can be walked through: all for C, for assembly those of its processor. */
export function machinesToWalk({ machines, variants: [first] }: Quiz): readonly string[] {
  const { dialect } = testAt(first.test).program;
  if (dialect === 'C') return machineNames;
  return machineNames.filter(
    (name) => machines.includes(name) || (dialect === 'Alpha' && architectureOf(name).startsWith('alpha')),
  );
}

/** The fewest steps of a machine to what a quiz asks about; undefined when the machine never comes to it. */
export function walkOf(quiz: Quiz, { test: path }: Variant, machine: string): MachineTrace | undefined {
  const test = testAt(path);
  const isC = test.program.dialect === 'C';
  const { positiveTrace, errorTraces } = checkOnMachine(askingFor(test), machine, {
    trace: true,
    ...(isC ? { target: { architecture: architectureOf(machine), era: quiz.era } } : {}),
  });
  return quiz.error === undefined ? positiveTrace : errorTraces.get(quiz.error);
}

/** The test with what speaks against `forall` as what is asked for. */
function askingFor(test: LitmusTest): LitmusTest {
  const { quantifier, proposition } = test.condition;
  if (quantifier !== 'forall') return test;
  return { ...test, condition: { quantifier: 'exists', proposition: { kind: 'not', operand: proposition } } };
}
