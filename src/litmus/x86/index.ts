import { int32 } from '../../program/index.js';
import { assemblyFrontEnd } from '../assembly/assembly-front-end.js';
import type { AssemblyDialect } from '../assembly/lower-assembly.js';
import { clearFlags } from './flags.js';
import { printOperand, registerName, X86Parser } from './x86-grammar.js';
import { isBranch, X86Thread } from './x86-instructions.js';

const dialect: AssemblyDialect = {
  registerName,
  // Those of 64, 16 and 8 bits.
  otherRegisters: /^(?:R(?:[ABCD]X|[SD]I|[SB]P|\d+D?)|[ABCD][XLH]|[SD]IL?|[SB]PL?)$/i,
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
export const x86FrontEnd = assemblyFrontEnd('X86', X86Parser, printOperand, dialect);
