import { AssemblyWriter, type Put } from './assembly-writer.js';
import { POINTER } from './program-names.js';
import type { NamedTest } from './program-writer.js';
import type { Place, ShapeStep, Stored } from './shapes.js';

/**
 * Alpha: values are made in R20, addresses in R21, and what a store-conditional stores and leaves behind is
 * in R22.
 */
export class AlphaWriter extends AssemblyWriter {
  protected readonly ring = Array.from({ length: 12 }, (_, index) => `R${index + 1}`);
  protected readonly chosenIn = 'R22';

  protected store(place: Place, stored: Stored): void {
    const address = this.address(place);
    this.line(`STQ ${this.value(stored)},${address}`);
  }

  protected loadFrom(target: string, address: string): void {
    this.line(`LDQ ${target},${address}`);
  }

  protected loadPointer(): void {
    const target = this.fresh();
    this.line(`LDQ ${target},${POINTER}`);
    this.pointers.push(target);
  }

  protected storePointer(cell: string, loaded?: string): void {
    if (loaded === undefined) this.line(`LDA R20,${cell}`);
    this.line(`STQ ${loaded ?? 'R20'},${POINTER}`);
  }

  /** A load-locked and a store-conditional that is not tried again. */
  protected rmw({ how, on, value, expected }: ShapeStep & { does: 'rmw' }): void {
    const address = this.address(on);
    this.line(`MOV ${this.value(value)},R22`);
    if (how === 'compare') this.line(`MOV ${this.value(expected)},R23`);
    const target = this.fresh();
    // The address may be in the register that is loaded.
    this.line(`LDQ_L R24,${address}`);
    if (how === 'add') this.line('ADDQ R24,R22,R22');
    const end = this.label();
    if (how === 'compare') this.lines.push('CMPEQ R24,R23,R23', `BEQ R23,${end}`);
    this.line(`STQ_C R22,${address}`);
    if (how === 'compare') this.line(`${end}:`);
    this.line(`MOV R24,${target}`);
    this.integers.push(target);
  }

  protected pair({ on, between, value, elsewhere, again }: ShapeStep & { does: 'pair' }): void {
    const target = this.fresh();
    this.line(`LDQ_L ${target},${this.cell(on)}`);
    this.integers.push(target);
    this.steps(between);
    this.storeConditional(this.cell(elsewhere ? on + 1 : on), value);
    if (again) this.storeConditional(this.cell(on), value);
  }

  /** What is left behind tells whether it has succeeded. */
  private storeConditional(cell: string, value: Stored): void {
    this.line(`MOV ${this.value(value)},R22`);
    this.line(`STQ_C R22,${cell}`);
    const target = this.fresh();
    this.line(`MOV R22,${target}`);
    this.integers.push(target);
  }

  protected jump(label: string): void {
    this.line(`BR R31,${label}`);
  }

  protected jumpIf(test: NamedTest, holds: boolean, label: string): void {
    this.line(`${holds ? 'BNE' : 'BEQ'} ${this.truth(test)},${label}`);
  }

  /** A register that is not 0 when the test holds. */
  private truth({ register, number }: NamedTest): string {
    if (register === undefined) this.line('LDA R20,1(R31)');
    else if (number === undefined) return register;
    else this.equal(register, number);
    return 'R20';
  }

  protected select(test: NamedTest, yes: Put, no: Put): void {
    no('R22');
    yes('R23');
    this.line(`CMOVNE ${this.truth(test)},R23,R22`);
  }

  protected putConstant(to: string, number: number): void {
    this.line(`LDA ${to},${number}(R31)`);
  }

  protected putAddress(to: string, cell: string): void {
    this.line(`LDA ${to},${cell}`);
  }

  protected move(to: string, register: string): void {
    this.line(`MOV ${register},${to}`);
  }

  protected address(place: Place): string {
    const cell = this.cell(place.cell);
    if (place.is === 'cell') return cell;
    const register = this.chosen(place.is === 'pointer' ? this.pointers : this.integers, place.register);
    if (register === undefined) return cell;
    if (place.is === 'pointer') return `0(${register})`;
    this.lines.push(`XOR ${register},${register},R20`, `LDA R21,${cell}`, 'ADDQ R20,R21,R21');
    return '0(R21)';
  }

  protected value(stored: Stored): string {
    if (stored.is === 'constant') return this.constant(stored.number);
    const register = this.chosen(this.integers, stored.register);
    if (register === undefined) return this.constant('number' in stored ? stored.number : 1);
    switch (stored.is) {
      case 'copy':
        return register;
      case 'false-dependency':
        this.lines.push(`XOR ${register},${register},R20`, `LDA R20,${stored.number}(R20)`);
        return 'R20';
      case 'combined':
        this.line(`${alphaOperators[stored.op]} ${register},${this.chosen(this.integers, stored.other)},R20`);
        return 'R20';
      case 'comparison':
        this.equal(register, stored.number);
        return 'R20';
      case 'successor':
        this.line(`ADDQ ${register},1,R20`);
        return 'R20';
    }
  }

  /** Puts into R20 whether a register holds a number. */
  private equal(register: string, number: number): void {
    this.lines.push(`LDA R20,${number}(R31)`, `CMPEQ ${register},R20,R20`);
  }

  private constant(number: number): string {
    if (number === 0) return 'R31';
    this.line(`LDA R20,${number}(R31)`);
    return 'R20';
  }
}

const alphaOperators = { '^': 'XOR', '-': 'SUBQ', '&': 'AND', '+': 'ADDQ' } as const;
