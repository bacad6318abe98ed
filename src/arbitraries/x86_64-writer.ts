import { Herd7X86Writer } from './herd7-x86-writer.js';
import type { ShapeStep } from './shapes.js';
import { X86Writer } from './x86-writer.js';

/** X86_64: the same code as for X86, of 64 bits, and written as AT&T has it. */
export class X86_64Writer extends X86Writer {
  override write(steps: readonly ShapeStep[]): ReturnType<X86Writer['write']> {
    const { lines, registers } = super.write(steps);
    return { lines: lines.map(inAtt), registers };
  }

  /** SETcc is of 8 bits. */
  protected override equality(register: string, number: number): void {
    this.lines.push('MOV EAX,$0', 'MOV EDX,$1', `CMP ${register},$${number}`, 'CMOVE EAX,EDX');
  }
}

/** The same of what herd7 reads. */
export class Herd7X86_64Writer extends Herd7X86Writer {
  override initial(lines: readonly string[]): string[] {
    const inCapitals = lines.map((line) => line.replaceAll('%r', 'E').toUpperCase());
    return super
      .initial(inCapitals)
      .map((entry) => entry.replace('E', 'r').replace(/r\w+/, (name) => name.toLowerCase()));
  }

  override write(steps: readonly ShapeStep[]): ReturnType<X86Writer['write']> {
    const { lines, registers } = super.write(steps);
    return { lines: lines.map(inAtt), registers: registers.map((name) => `r${name.slice(1).toLowerCase()}`) };
  }
}

/** Instructions that are of no size, or whose registers tell it. */
const sizeless = /^(?:[MSL]FENCE|J\w+|CMOV\w+)$/;

/** `LOCK XADD [x],EAX` is `lock xaddq %rax,(x)`. */
function inAtt(line: string): string {
  if (/:$/.test(line)) return line;
  const [, prefix = '', mnemonic = '', rest = ''] = /^(LOCK )?(\w+) ?(.*)$/.exec(line) ?? [];
  const operands = rest === '' ? [] : rest.split(',').map(operandInAtt).reverse();
  const name = sizeless.test(mnemonic) ? mnemonic : `${mnemonic}Q`;
  return `${prefix}${name} ${operands.join(',')}`
    .trim()
    .toLowerCase()
    .replace(/\bl(\d+)$/, 'L$1');
}

function operandInAtt(operand: string): string {
  if (/^E[A-Z]{2}$/.test(operand)) return `%R${operand.slice(1)}`;
  const [, inside] = /^\[(.*)\]$/.exec(operand) ?? [];
  return inside === undefined ? operand : `(${operandInAtt(inside)})`;
}
