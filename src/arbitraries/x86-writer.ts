import { AssemblyWriter, type Put } from './assembly-writer.js';
import { POINTER } from './program-names.js';
import type { NamedTest } from './program-writer.js';
import type { Place, ShapeStep, Stored } from './shapes.js';

/** X86: values are made in EAX, addresses in EDX; EBP holds what CMPXCHG is to store. */
export class X86Writer extends AssemblyWriter {
  protected readonly ring = ['EBX', 'ECX', 'ESI', 'EDI'];
  protected readonly chosenIn = 'EAX';
  protected readonly operators: Readonly<Record<'^' | '-' | '&' | '+', string>> = {
    '^': 'XOR',
    '-': 'SUB',
    '&': 'AND',
    '+': 'ADD',
  };

  protected store(place: Place, stored: Stored): void {
    const address = this.address(place);
    this.line(`MOV ${address},${this.value(stored)}`);
  }

  protected loadFrom(target: string, address: string): void {
    this.line(`MOV ${target},${address}`);
  }

  protected loadPointer(): void {
    const target = this.fresh();
    this.line(`MOV ${target},[${POINTER}]`);
    this.pointers.push(target);
  }

  protected storePointer(cell: string, loaded = this.addressOperand(cell)): void {
    this.line(`MOV [${POINTER}],${loaded}`);
  }

  /** A location's address, as an operand. */
  protected addressOperand(cell: string): string {
    return `$${cell}`;
  }

  protected rmw({ how, on, value, expected }: ShapeStep & { does: 'rmw' }): void {
    const address = this.address(on);
    if (how === 'compare') {
      this.move('EBP', this.value(value));
      this.move('EAX', this.value(expected));
      this.line(`LOCK CMPXCHG ${address},EBP`);
    } else {
      this.move('EAX', this.value(value));
      this.line(`${how === 'add' ? 'LOCK XADD' : 'XCHG'} ${address},EAX`);
    }
    this.keep();
  }

  /**
   * What other machines do with load-locked and store-conditional: a read, and a store if nothing has
   * changed.
   */
  protected pair({ on, between, value, elsewhere, again }: ShapeStep & { does: 'pair' }): void {
    this.load({ is: 'cell', cell: on });
    const read = this.integers[this.integers.length - 1];
    this.steps(between);
    const exchange = (cell: number): void => {
      this.move('EBP', this.value(value));
      this.move('EAX', this.integers.includes(read) ? read : '$0');
      this.line(`LOCK CMPXCHG [${this.cell(cell)}],EBP`);
      this.keep();
    };
    exchange(elsewhere ? on + 1 : on);
    if (again) exchange(on);
  }

  protected jump(label: string): void {
    this.line(`JMP ${label}`);
  }

  protected jumpIf(test: NamedTest, holds: boolean, label: string): void {
    this.compare(test);
    const isEquality = test.register !== undefined && test.number !== undefined;
    this.line(`${holds === isEquality ? 'JE' : 'JNE'} ${label}`);
  }

  private compare({ register, number = 0 }: NamedTest): void {
    if (register === undefined) this.line('MOV EDX,$1');
    this.line(`CMP ${register ?? 'EDX'},$${register === undefined ? 0 : number}`);
  }

  protected select(test: NamedTest, yes: Put, no: Put): void {
    no('EAX');
    yes('EDX');
    this.compare(test);
    this.line(`${test.number === undefined ? 'CMOVNE' : 'CMOVE'} EAX,EDX`);
  }

  protected putConstant(to: string, number: number): void {
    this.line(`MOV ${to},$${number}`);
  }

  protected putAddress(to: string, cell: string): void {
    this.line(`MOV ${to},${this.addressOperand(cell)}`);
  }

  protected address(place: Place): string {
    const cell = this.cell(place.cell);
    if (place.is === 'cell') return `[${cell}]`;
    const register = this.chosen(place.is === 'pointer' ? this.pointers : this.integers, place.register);
    if (register === undefined) return `[${cell}]`;
    if (place.is === 'pointer') return `[${register}]`;
    this.line(`MOV EDX,${register}`);
    this.line('XOR EDX,EDX');
    this.line(`ADD EDX,${this.addressOperand(cell)}`);
    return '[EDX]';
  }

  protected value(stored: Stored): string {
    if (stored.is === 'constant') return `$${stored.number}`;
    const register = this.chosen(this.integers, stored.register);
    if (register === undefined) return `$${'number' in stored ? stored.number : 1}`;
    switch (stored.is) {
      case 'copy':
        return register;
      case 'false-dependency':
        this.lines.push(`MOV EAX,${register}`, 'XOR EAX,EAX', `ADD EAX,$${stored.number}`);
        return 'EAX';
      case 'combined':
        this.lines.push(
          `MOV EAX,${register}`,
          `${this.operators[stored.op]} EAX,${this.chosen(this.integers, stored.other)}`,
        );
        return 'EAX';
      case 'comparison':
        this.equality(register, stored.number);
        return 'EAX';
      case 'successor':
        this.lines.push(`MOV EAX,${register}`, 'INC EAX');
        return 'EAX';
    }
  }

  /** Puts into EAX whether a register holds a number. */
  protected equality(register: string, number: number): void {
    this.lines.push('MOV EAX,$0', `CMP ${register},$${number}`, 'SETE EAX');
  }

  protected move(to: string, value: string): void {
    if (value !== to) this.line(`MOV ${to},${value}`);
  }

  /** Keeps what an atomic has read. */
  protected keep(): void {
    const target = this.fresh();
    this.line(`MOV ${target},EAX`);
    this.integers.push(target);
  }
}
