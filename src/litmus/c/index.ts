import type { DialectFrontEnd } from '../syntax.js';
import { lowerC } from './lower.js';
import { parseC } from './parser.js';
import { printC } from './print.js';
import type { CBody } from './syntax.js';

/** The C dialect: litmus tests as herd7 and the kernel's tools/memory-model have them, and more of the kernel's C. */
export const cFrontEnd: DialectFrontEnd<CBody> = {
  dialect: 'C',
  parse: parseC,
  print: printC,
  lower: lowerC,
};

export { intrinsicShape } from './intrinsics.js';
export { lexC } from './lexer.js';
export { Macros } from './macros.js';
export {
  type Atomic,
  atomicPrimitive,
  primitiveSignature,
  primitiveSpellings,
  type Signature,
} from './primitives.js';
export type {
  BlockSyntax,
  CBody,
  ExpressionSyntax,
  FunctionSyntax,
  StatementSyntax,
  ThreadSyntax,
  TypeSyntax,
} from './syntax.js';
export { isTypeWord } from './type-words.js';
