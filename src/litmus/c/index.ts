import type { DialectFrontEnd } from '../frame/litmus-syntax.js';
import { lowerC } from './lower/lower-c.js';
import { parseC } from './syntax/c-parser.js';
import type { CBody } from './syntax/c-syntax.js';
import { printC } from './syntax/print-c.js';

/**
 * The C dialect: litmus tests as herd7 and the kernel's tools/memory-model have them, and more of the
 * kernel's C.
 */
export const cFrontEnd: DialectFrontEnd<CBody> = {
  dialect: 'C',
  parse: parseC,
  print: printC,
  lower: lowerC,
};

export { lexC } from './syntax/c-lexer.js';
export type {
  BlockSyntax,
  CBody,
  ExpressionSyntax,
  FunctionSyntax,
  StatementSyntax,
  ThreadSyntax,
  TypeSyntax,
} from './syntax/c-syntax.js';
export { intrinsicShape } from './syntax/macro-intrinsics.js';
export { Macros } from './syntax/macros.js';
export {
  type Atomic,
  atomicPrimitive,
  primitiveSignature,
  primitiveSpellings,
  type Signature,
} from './syntax/primitives.js';
export { expressionsOf, partsOf, statementsOf } from './syntax/syntax-walk.js';
export { isTypeWord } from './syntax/type-words.js';
