import type { CellId, ValueId } from '../../program/index.js';
import type { MachineState } from '../machine/machine.js';
import type { PartView } from '../machine/view.js';
import type { MemoryContext, MemorySystem, Narration, SharedMemory } from './memory-system.js';

/** Memory and nothing else. Its words: for each location its value. */
export class PlainMemory implements MemorySystem, Narration {
  readonly width: number;
  readonly narration: Narration = this;
  readonly shared: SharedMemory = {
    pending: () => 0,
    arriving: () => 0,
    image: (state, into, _cpu, rename) => {
      const { at } = this.context;
      for (let word = at; word < at + this.width; word++) into[word] = rename(state[word]);
    },
    forget: (state, cell) => {
      state[this.context.at + cell] = this.context.initial[cell];
    },
  };

  constructor(private readonly context: MemoryContext) {
    this.width = context.initial.length;
  }

  writeInitial(into: MachineState): void {
    into.set(this.context.initial, this.context.at);
  }

  memory(state: MachineState, cell: CellId): ValueId {
    return state[this.context.at + cell] as ValueId;
  }

  visible(state: MachineState, _cpu: number, cell: CellId): ValueId {
    return this.memory(state, cell);
  }

  store(state: MachineState, cpu: number, cell: CellId, value: ValueId): void {
    this.write(state, cpu, cell, value);
  }

  isReady(): boolean {
    return true;
  }

  write(state: MachineState, _cpu: number, cell: CellId, value: ValueId): void {
    this.context.overwrites(state, cell, value);
    state[this.context.at + cell] = value;
  }

  passes(): boolean {
    return true;
  }

  fence(): void {
    // Everything is in order already.
  }

  isDrained(): boolean {
    return true;
  }

  describeLoad(state: MachineState, _cpu: number, cell: CellId): string {
    const { name, show } = this.context;
    return `loads ${name(cell)} = ${show(this.memory(state, cell))}`;
  }

  parts(): PartView[] {
    return [];
  }

  checkInvariants(state: MachineState, fail: (what: string) => never): void {
    const { initial, name } = this.context;
    initial.forEach((_, cell) => {
      if (this.memory(state, cell as CellId) <= 0) fail(`${name(cell as CellId)} holds no value`);
    });
  }
}
