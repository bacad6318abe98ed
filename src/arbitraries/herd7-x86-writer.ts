import type { ShapeStep } from './shapes.js';
import { X86Writer } from './x86-writer.js';

const addresses = { EBP: 'x', ESP: 'y' };

/**
 * The X86 that herd7 reads, with additions that are not locked besides. No operand names the address of a
 * location there: two registers hold some from the start. What XADD and CMPXCHG do is done by LOCK ADD and
 * XCHG, SUB and AND by ADD and OR, and SETE by a branch.
 */
export class Herd7X86Writer extends X86Writer {
  protected override readonly operators = { '^': 'XOR', '-': 'ADD', '&': 'OR', '+': 'ADD' };

  override initial(lines: readonly string[]): string[] {
    const isUsed = (register: string): boolean => lines.some((line) => line.includes(register));
    return Object.entries(addresses).flatMap(([register, cell]) =>
      isUsed(register) ? [`${this.thread}:${register}=${cell};`] : [],
    );
  }

  protected override addressOperand(cell: string): string {
    return cell === addresses.ESP ? 'ESP' : 'EBP';
  }

  protected override rmw({ how, on, value, tags }: ShapeStep & { does: 'rmw' }): void {
    const address = this.address(on);
    this.move('EAX', this.value(value));
    const lock = tags.includes('Unlocked') ? '' : 'LOCK ';
    this.line(`${how === 'add' ? `${lock}ADD` : 'XCHG'} ${address},EAX`);
    if (how !== 'add') this.keep();
  }

  /** Nothing tells whether something has changed: a read, and an exchange. */
  protected override pair({ on, between, value }: ShapeStep & { does: 'pair' }): void {
    this.load({ is: 'cell', cell: on });
    this.steps(between);
    const place = { is: 'cell', cell: on } as const;
    this.rmw({ does: 'rmw', how: 'exchange', on: place, value, expected: value, tags: [] });
  }

  protected override equality(register: string, number: number): void {
    const end = this.label();
    this.lines.push('MOV EAX,$0', `CMP ${register},$${number}`, `JNE ${end}`, 'MOV EAX,$1', `${end}:`);
  }
}
