import { everythingOf } from '../../src/arbitraries/index.js';
import { loadModel, type Model } from '../../src/cat/index.js';
import { type CheckOptions, type CheckResult, check, type FinalState } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import type { LitmusTest } from '../../src/litmus/index.js';
import type { Condition, Program, Proposition } from '../../src/program/index.js';
import { shippedModels } from '../../src/shipped.js';
import { stateText } from './oracle.js';

/**
 * The models that the engines are compared on, each weaker than those before it on a machine's own
 * primitives.
 */
export const modelNames = ['sc', 'i386', 'pso', 'alpha-linux', 'alpha'];

/** A model from its text. */
export function modelOf(name: string, text: string): Model {
  return loadModel(name, text, { include: (file) => shippedModels[file] });
}

/** A test that shows all registers and locations of a program. */
export function testOf(
  program: Program,
  proposition: Proposition = { kind: 'true' },
  more: { readonly quantifier?: Condition['quantifier']; readonly filter?: Proposition } = {},
): LitmusTest {
  return {
    name: program.name,
    source: new Source('program', ' '),
    info: [],
    program,
    condition: { quantifier: more.quantifier ?? 'exists', proposition },
    locations: everythingOf(program),
    expectations: [],
    warnings: [],
    ...(more.filter ? { filter: more.filter } : {}),
  };
}

/** What the axiomatic engine answers. */
export function ask(
  program: Program,
  model: Model,
  proposition?: Proposition,
  options: CheckOptions = {},
): CheckResult {
  return check(testOf(program, proposition), model, options);
}

/** The states of a result as text, sorted. */
export function statesOf({ states }: CheckResult): string[] {
  return states.map(stateTextOf).sort();
}

export function stateTextOf({ values }: FinalState): string {
  return stateText(values);
}
