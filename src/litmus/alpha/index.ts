import { int32, int64, type ScalarType } from '../../program/index.js';
import { accessTypes } from '../assembly/access-widths.js';
import { assemblyFrontEnd } from '../assembly/assembly-front-end.js';
import type { AssemblyDialect } from '../assembly/lower-assembly.js';
import { AlphaParser, printOperand, registerName } from './alpha-grammar.js';
import { AlphaThread, isBranch } from './alpha-instructions.js';

const dialect: AssemblyDialect = {
  registerName,
  // The thirty-third and on, and those of floating point.
  otherRegisters: /^[RF]\d+$/i,
  registerType: int64,
  declaredType,
  isBranch,
  lowering: (code) => {
    const thread = new AlphaThread(code);
    return (instruction) => thread.lower(instruction);
  },
  accessTypes,
};

/** Longwords are `int` and `int32_t`, signed or not; all else is a quadword. */
function declaredType(type: string | undefined): ScalarType {
  return type !== undefined && /^(?:(?:un)?signed )?(?:int|u?int32_t)$|^unsigned$/.test(type) ? int32 : int64;
}

/** Alpha assembly, as the Alpha Architecture Handbook writes it. */
export const alphaFrontEnd = assemblyFrontEnd('Alpha', AlphaParser, printOperand, dialect);
