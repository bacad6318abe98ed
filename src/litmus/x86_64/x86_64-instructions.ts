import { raise, refuse } from '../../diagnostics.js';
import { int64, type ScalarType } from '../../program/index.js';
import { noInstruction, type ThreadBuilder } from '../assembly/assembly-code.js';
import type { AssemblyInstruction } from '../assembly/assembly-syntax.js';
import { conditionCode } from '../x86/flags.js';
import { isX86Instruction, mnemonics, type X86Registers, X86Thread } from '../x86/x86-instructions.js';
import { printAttOperand } from './x86_64-grammar.js';
import { registerPart, typeOfBits } from './x86_64-registers.js';

const registers64: X86Registers = {
  type: int64,
  accumulator: 'rax',
  whole: (name) => registerPart(name)!.name,
  printOperand: printAttOperand,
};

const sizes: Readonly<Record<string, 64 | 32 | 16 | 8>> = { Q: 64, L: 32, W: 16, B: 8 };
/** Instructions without operands that are of a size. */
const sizeless: ReadonlySet<string> = new Set(['MFENCE', 'LFENCE', 'SFENCE', 'NOP', 'PAUSE', 'JMP']);

/** Names of instructions, as completion offers them. */
export const x86_64Mnemonics: readonly string[] = mnemonics.flatMap((name) =>
  sizeless.has(name) || name === 'LOCK' || conditionCode(name) !== undefined
    ? [name]
    : [`${name}L`, `${name}Q`],
);

/** Lowers the instructions of one thread: each as the one of X86 that does the same, of its own size. */
export function x86_64Lowering(
  code: ThreadBuilder,
  instructions: readonly AssemblyInstruction[],
): (instruction: AssemblyInstruction) => void {
  const thread = new X86Thread(code, instructions.map(inOrderOfX86), registers64);
  return (instruction) => {
    const same = inOrderOfX86(instruction);
    if (!isX86Instruction(same.mnemonic) && conditionCode(same.mnemonic) === undefined)
      noInstruction(instruction, 'an X86_64', x86_64Mnemonics);
    thread.lower(same, sizeOf(instruction, same.mnemonic), instruction.mnemonic);
  };
}

/** The destination first, and the mnemonic without its size. */
function inOrderOfX86(instruction: AssemblyInstruction): AssemblyInstruction {
  const { mnemonic, operands } = instruction;
  return { ...instruction, mnemonic: withoutSize(mnemonic), operands: [...operands].reverse() };
}

function withoutSize(mnemonic: string): string {
  const isKnown = (name: string): boolean => isX86Instruction(name) || conditionCode(name) !== undefined;
  const shorter = mnemonic.slice(0, -1);
  return Object.hasOwn(sizes, mnemonic.slice(-1)) && isKnown(shorter) ? shorter : mnemonic;
}

/** By the letter that its name ends with, and the registers among its operands. */
function sizeOf({ mnemonic, operands, span }: AssemblyInstruction, base: string): ScalarType {
  const said = mnemonic === base ? undefined : sizes[mnemonic.slice(-1)];
  const seen = operands.flatMap((operand) =>
    operand.kind === 'register' ? registerPart(operand.name)!.bits : [],
  );
  const found = new Set(said === undefined ? seen : [said, ...seen]);
  if (found.size > 1) raise(`${mnemonic} has operands of different sizes`, span);
  const [bits] = found;
  if (bits === 8 || bits === 16)
    refuse(`operands of ${bits} bits are not supported: only those of 32 and 64 bits are`, span);
  if (bits === undefined && isX86Instruction(base) && !sizeless.has(base))
    raise(`${mnemonic} does not say its size: write ${mnemonic}L or ${mnemonic}Q`, span);
  return typeOfBits(bits ?? 64);
}
