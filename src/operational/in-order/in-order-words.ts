import type { CellTable, Program, ValueId, ValueTable } from '../../program/index.js';
import type { MachineState } from '../machine/machine.js';
import { type MachineView, memoryView, showValue, statusOf } from '../machine/view.js';
import { describeChange, type GracePeriods } from '../memory/grace-periods.js';
import type { MemorySystem } from '../memory/memory-system.js';
import type { InOrderCpus } from './cpus.js';
import type { LocalId } from './thread-automaton.js';

/** What a person is told of an in-order machine: its steps as sentences, its states as they stand. */
export class InOrderWords {
  constructor(
    private readonly program: Program,
    private readonly values: ValueTable,
    private readonly cells: CellTable,
    private readonly cpus: InOrderCpus,
    private readonly memorySystem: MemorySystem,
    private readonly gracePeriods: GracePeriods,
  ) {}

  shown(value: ValueId): string {
    return showValue(this.values.value(value), this.cells.cells);
  }

  /** A CPU enters the handler at a place. */
  entry(cpu: number, place: number): string {
    return `CPU${cpu} enters the handler ${this.nameOf(cpu, place)}`;
  }

  /** A CPU's next action; `stores`: an atomic instruction that may store does. */
  action(state: MachineState, cpu: number, stores: boolean): string {
    return `CPU${cpu}${this.inside(state, cpu)} ${this.doing(state, cpu, stores)}`;
  }

  view(state: MachineState): MachineView {
    const { cpus, memorySystem } = this;
    const { cells } = this.cells;
    return {
      memory: memoryView(cells, (cell) => this.values.value(memorySystem.memory(state, cell as never))),
      cpus: cpus.list.map(({ threads }, cpu) => {
        const active = cpus.activeOf(state, cpu);
        return {
          name: `CPU${cpu}`,
          threads: threads.map((thread, place) => {
            const local = state[thread] as LocalId;
            const ended = cpus.automata[thread].action(local).kind === 'end';
            return {
              thread,
              name: this.program.threads[thread].name,
              status: statusOf(place, ended, active, cpus.ranOf(state, cpu)),
              ...cpus.automata[thread].place(local, cells),
            };
          }),
          parts: memorySystem.narration.parts(state, cpu),
        };
      }),
    };
  }

  private nameOf(cpu: number, place: number): string {
    return this.program.threads[this.cpus.list[cpu].threads[place]].name;
  }

  private handler(state: MachineState, cpu: number): string {
    return this.nameOf(cpu, this.cpus.placeOf(state, cpu));
  }

  /** Where a CPU is that is in a handler: the innermost function, or the handler itself. */
  private inside(state: MachineState, cpu: number): string {
    const { cpus } = this;
    if (!cpus.isInHandler(state, cpu) || cpus.action(state, cpu).kind === 'end') return '';
    const thread = cpus.current(state, cpu);
    const points = cpus.automata[thread].points(state[thread] as LocalId);
    return ` in ${points.length > 1 ? points[points.length - 1].code.name : this.handler(state, cpu)}`;
  }

  private doing(state: MachineState, cpu: number, stores: boolean): string {
    const { cpus, memorySystem } = this;
    const action = cpus.action(state, cpu);
    const name = 'cell' in action ? this.cells.cells[action.cell].name : '';
    switch (action.kind) {
      case 'load':
        return memorySystem.narration.describeLoad(state, cpu, action.cell);
      case 'store':
        return `stores ${name} = ${this.shown(action.value)}${memorySystem.buffer ? ` into its ${memorySystem.buffer.name}` : ''}`;
      case 'fence':
        return `passes the barrier ${action.tags.join(' ')}`;
      case 'region':
        return describeChange(cpus.regions(state, cpus.current(state, cpu)), action.after);
      case 'grace-period':
        return this.gracePeriods.describe(state, cpu);
      case 'rmw': {
        if (!stores)
          return `${memorySystem.narration.describeLoad(state, cpu, action.cell)}, and stores nothing`;
        const old = memorySystem.memory(state, action.cell);
        const written = cpus.written(state, cpu, old) as ValueId;
        return `reads ${name} = ${this.shown(old)} and stores ${this.shown(written)}, atomically`;
      }
      case 'store-conditional':
        return stores
          ? `stores ${name} = ${this.shown(action.value)}, conditionally`
          : `fails to store ${name} conditionally`;
      case 'end':
        return `returns from the handler ${this.handler(state, cpu)}`;
      case 'stuck':
        return 'goes no further';
    }
  }
}
