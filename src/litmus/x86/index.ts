import { int32 } from '../../program/index.js';
import { printTable } from '../assembly.js';
import { type AssemblyDialect, lowerAssembly } from '../assembly-lower.js';
import type { AssemblyBody } from '../assembly-syntax.js';
import type { DialectFrontEnd } from '../syntax.js';
import { clearFlags } from './flags.js';
import { parseX86, printOperand, registerName } from './grammar.js';
import { isBranch, X86Thread } from './instructions.js';

const dialect: AssemblyDialect = {
  registerName,
  registerType: int32,
  // Every access is a longword; a declared type is for the tools that run tests on hardware.
  declaredType: () => int32,
  isBranch,
  lowering: (code, instructions) => {
    const thread = new X86Thread(code, instructions);
    return (instruction) => thread.lower(instruction);
  },
  temporaries: clearFlags,
};

/** X86 assembly, 32-bit, as herd7 reads it. */
export const x86FrontEnd: DialectFrontEnd<AssemblyBody> = {
  dialect: 'X86',
  parse: parseX86,
  print: (body) => printTable(body, printOperand),
  lower: (body, init) => lowerAssembly(body, init, dialect),
};
