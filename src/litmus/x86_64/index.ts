import { int32, int64, type ScalarType } from '../../program/index.js';
import { accessTypes } from '../assembly/access-widths.js';
import { assemblyFrontEnd } from '../assembly/assembly-front-end.js';
import type { AssemblyDialect } from '../assembly/lower-assembly.js';
import { clearFlags } from '../x86/flags.js';
import { isBranch } from '../x86/x86-instructions.js';
import { printAttOperand, X86_64Parser } from './x86_64-grammar.js';
import { x86_64Lowering } from './x86_64-instructions.js';
import { registerPart } from './x86_64-registers.js';

const x86_64Facts: AssemblyDialect = {
  registerName: (word) => registerPart(word.replace('%', ''))?.name,
  otherRegisters: /^%/,
  registerType: int64,
  declaredType,
  isBranch,
  lowering: x86_64Lowering,
  temporaries: clearFlags,
  accessTypes,
  declarationsHold: true,
};

/** A variable that is declared without a type, or not at all, is an int. */
function declaredType(type: string | undefined): ScalarType {
  return type !== undefined && /64|long|\*/.test(type) ? int64 : int32;
}

/** X86_64 assembly, as herd7 reads it. */
export const x86_64FrontEnd = assemblyFrontEnd('X86_64', X86_64Parser, printAttOperand, x86_64Facts);
