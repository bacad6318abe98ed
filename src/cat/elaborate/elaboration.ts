import type { Instruction } from '../syntax/model-syntax.js';
import type { Scope } from '../terms/model-values.js';
import type { TermFactory } from '../terms/term-factory.js';
import type { Check, Term } from '../terms/terms.js';
import type { ExpressionElaborator } from './model-expressions.js';

/** What the instructions of a model have come to so far, for those that stand in files of their own. */
export interface Elaboration {
  readonly factory: TermFactory;
  readonly expressions: ExpressionElaborator;
  readonly checks: Check[];
  readonly choices: Term[];
  /** The events that co orders, once a `with` has said so. */
  ordered: Term | undefined;
  /** What the standard library defines. */
  readonly standard: Scope;
  /** Carries out instructions one after another; the scope that they leave. */
  run(instructions: readonly Instruction[], scope: Scope): Scope;
  /** Whether the checks of a name are left out. */
  skips(name: string): boolean;
}
