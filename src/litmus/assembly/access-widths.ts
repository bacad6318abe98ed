import { refuse } from '../../diagnostics.js';
import { type Instruction, int32, int64, type ScalarType, type Thread } from '../../program/index.js';
import { accessedSymbol, writtenRegisters } from './lower-assembly.js';

/**
 * The type of each variable, by the accesses whose variable the text shows. One variable has one width: a
 * longword beside a quadword is refused.
 * @throws SourceError
 */
export function accessTypes(threads: readonly Thread[]): (symbol: string) => ScalarType | undefined {
  const widths = new Map<string, number>();
  let quadwords = false;
  let longwords = false;
  for (const thread of threads) {
    const written = writtenRegisters(thread);
    for (const instruction of thread.code.instructions) {
      const bits = accessWidth(instruction);
      if (bits === undefined) continue;
      quadwords ||= bits === 64;
      longwords ||= bits === 32;
      const symbol = accessedSymbol(instruction, thread, written);
      if (symbol !== undefined) note(widths, symbol, bits, instruction);
    }
  }
  // With accesses of one width alone, those that the text does not show are of that width too.
  const shown = longwords ? int32 : int64;
  const otherwise = longwords !== quadwords ? shown : undefined;
  return (symbol) => typeOf(widths.get(symbol)) ?? otherwise;
}

function accessWidth(instruction: Instruction): number | undefined {
  return 'address' in instruction && 'type' in instruction ? instruction.type.bits : undefined;
}

function note(widths: Map<string, number>, symbol: string, bits: number, instruction: Instruction): void {
  const known = widths.get(symbol);
  if (known !== undefined && known !== bits && instruction.span) {
    refuse(
      `\`${symbol}\` is accessed as a longword and as a quadword: mixed-size accesses are not supported`,
      instruction.span,
    );
  }
  widths.set(symbol, bits);
}

function typeOf(bits: number | undefined): ScalarType | undefined {
  if (bits === undefined) return undefined;
  return bits === 32 ? int32 : int64;
}
