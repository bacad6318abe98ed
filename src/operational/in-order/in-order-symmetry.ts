import { tick } from '../../limits.js';
import type { Code, Liveness, Program, RegisterId, ThreadId, ValueId } from '../../program/index.js';
import { pairsAlike, type Swap, SwapSymmetry } from '../explore/cpu-symmetry.js';
import type { MachineState } from '../machine/machine.js';
import type { SharedMemory } from '../memory/memory-system.js';
import { type Action, type Fact, type LocalId, NO_WRITE, type ThreadAutomaton } from './thread-automaton.js';

/** What the symmetries of an in-order machine are about. */
export interface SymmetricMachine {
  readonly program: Program;
  readonly liveness: Liveness;
  readonly automata: readonly ThreadAutomaton[];
  /** By CPU: its own thread and its handlers. */
  readonly cpus: readonly { readonly threads: readonly ThreadId[] }[];
  readonly memory: SharedMemory;
  /** Where in a state the parts start that hold a number for each CPU, the same for CPUs that are in the same situation. */
  readonly perCpu: readonly number[];
  /** Values that mean themselves: the first ones of locations, and what is no value. */
  readonly fixed: readonly ValueId[];
  /** What was found out about the threads, in this order; it grows. */
  readonly facts: readonly Fact[];
}

/**
 * Symmetries of an in-order machine: each swaps two CPUs whose threads differ in nothing but numbers, and renames values to match. So
 * of n threads that each store a number of their own, or add one, it does not matter which has done so.
 *
 * Two threads are tried if no handlers interrupt them, and their codes, the addresses they start with, and the registers that the
 * final state shows of them are the same but for constants. Nothing else is assumed. A swap comes with a map of values to
 * values, one-to-one and its own inverse, and with a map of each automaton's states to those of the thread that is put in its place. Both
 * are made step by step, from what is found out about the threads while the machine is explored (`Fact`): initial states belong together,
 * and initial values of locations to themselves; of states that belong together, faults must have the same name, and actions be of the same kind
 * at the same place in the code, with the same location and tags, and the values stored belong together; and with inputs that belong together, so do the
 * next states. If a value or a state then belongs to two, the swap is no symmetry, and is dropped.
 *
 * Why that is enough. Memory carries values and never looks at them; so a swap that keeps all facts takes a step from one state
 * to another to a step between their images. It is checked on the facts that the exploration met, and as their images are facts too, on
 * all facts that are images of these under any swaps. Let there be a way from an explored state to a step with another fact; of all
 * such ways, take a shortest. If a step on it is one of the representatives of the first state, it can be made first, and leads to a state
 * that is explored or has an image that is: from there the way is shorter, contrary to what was said. Else the way is still open,
 * and as long, after any of them; but that cannot go on for ever, as on each cycle there is a state where all steps are
 * representatives (Machine.representatives; a swap keeps the places in the code by which that is seen to). So all facts were
 * checked, and each swap takes every reachable state to a reachable one. This holds with reduction (Emerson, Jha and Peled, Combining partial order
 * and symmetry reductions, 1997) as codes that differ in constants alone can access the same locations from each place.
 */
export class InOrderSymmetry extends SwapSymmetry {
  constructor(machine: SymmetricMachine, width: number) {
    const shapes = machine.cpus.map(({ threads }) => shapeOf(machine, threads));
    super(
      pairsAlike(shapes).map(([first, second]) => new CpuSwap(machine, first, second)),
      width,
    );
  }
}

/** Two CPUs change places. */
class CpuSwap implements Swap {
  /** By thread: the one that takes its place. By CPU likewise. */
  private readonly thread: readonly ThreadId[];
  private readonly cpu: readonly number[];
  /** By value, and by thread and state of its automaton: what belongs to it, or -1. */
  private readonly values: number[] = [];
  private readonly locals: number[][];
  private readonly rename = (value: number): number => this.values[value];
  /** How many facts were looked at. */
  private seen = 0;
  private isRight = true;

  constructor(
    private readonly machine: SymmetricMachine,
    first: number,
    second: number,
  ) {
    const { automata, cpus, fixed } = machine;
    const swapped = <Item>(list: readonly Item[], a: number, b: number): Item[] =>
      list.map((item, at) => (at === a ? list[b] : at === b ? list[a] : item));
    this.cpu = swapped([...cpus.keys()], first, second);
    this.thread = swapped(
      automata.map(({ thread }) => thread.id),
      cpus[first].threads[0],
      cpus[second].threads[0],
    );
    this.locals = automata.map(() => []);
    for (const value of fixed) this.joinValues(value, value);
    automata.forEach((automaton, thread) => {
      this.joinLocals(thread, automaton.initial, automata[this.thread[thread]].initial);
    });
  }

  isUpToDate(): boolean {
    return this.seen === this.machine.facts.length;
  }

  /** Whether it keeps all facts. */
  holds(): boolean {
    const { facts } = this.machine;
    while (this.isRight && this.seen < facts.length) this.look(facts[this.seen++]);
    return this.isRight;
  }

  image(state: MachineState, into: MachineState): boolean {
    const { memory, perCpu } = this.machine;
    into.set(state);
    for (let thread = 0; thread < this.thread.length; thread++) into[thread] = this.local(state, thread);
    for (const part of perCpu)
      for (let cpu = 0; cpu < this.cpu.length; cpu++) into[part + cpu] = state[part + this.cpu[cpu]];
    memory.image(state, into, this.cpu, this.rename);
    return true;
  }

  /** Whether the image, which is then written to `into`, comes before the state. Mostly the threads tell already. */
  lowers(state: MachineState, into: MachineState): boolean {
    for (let thread = 0; thread < this.thread.length; thread++) {
      const local = this.local(state, thread);
      if (local === state[thread]) continue;
      if (local > state[thread]) return false;
      this.image(state, into);
      return true;
    }
    this.image(state, into);
    for (let at = 0; at < state.length; at++) if (into[at] !== state[at]) return into[at] < state[at];
    return false;
  }

  private local(state: MachineState, thread: number): number {
    const from = this.thread[thread];
    return this.locals[from][state[from]];
  }

  // --- What belongs together ---

  private look({ kind, thread, local, input, found }: Fact): void {
    const { automata } = this.machine;
    const image = automata[this.thread[thread]];
    const other = this.locals[thread][local] as LocalId;
    const given = isValue(automata[thread].action(local)) ? this.values[input] : input;
    if (other === undefined || given === undefined) {
      this.isRight = false;
    } else if (kind === 'next') {
      this.joinLocals(thread, found as LocalId, image.next(other, given));
    } else {
      const written = image.written(other, given as ValueId);
      if (found === NO_WRITE || written === NO_WRITE) this.isRight &&= found === written;
      else this.joinValues(found, written);
    }
  }

  private joinLocals(thread: number, local: LocalId, other: LocalId): void {
    const { automata } = this.machine;
    const image = this.thread[thread];
    const isKnown = this.locals[thread][local] !== undefined || this.locals[image][other] !== undefined;
    if (isKnown) {
      this.isRight &&= this.locals[thread][local] === other && this.locals[image][other] === local;
      return;
    }
    this.locals[thread][local] = other;
    this.locals[image][other] = local;
    const one = automata[thread];
    const two = automata[image];
    const places = (automaton: ThreadAutomaton, at: LocalId): string =>
      automaton
        .points(at)
        .map(({ pc }) => pc)
        .join();
    this.isRight &&= places(one, local) === places(two, other);
    this.isRight &&= one.fault(local)?.name === two.fault(other)?.name;
    this.joinActions(one.action(local), two.action(other));
  }

  private joinActions(one: Action, other: Action): void {
    tick();
    this.isRight &&= withoutValue(one) === withoutValue(other);
    if ('value' in one && 'value' in other) this.joinValues(one.value, other.value);
  }

  private joinValues(value: number, other: number): void {
    const isKnown = this.values[value] !== undefined || this.values[other] !== undefined;
    if (isKnown) {
      this.isRight &&= this.values[value] === other && this.values[other] === value;
      return;
    }
    this.values[value] = other;
    this.values[other] = value;
  }
}

/** Whether what an action is answered with is a value. */
function isValue({ kind }: Action): boolean {
  switch (kind) {
    case 'load':
    case 'rmw':
      return true;
    case 'store':
    case 'store-conditional':
    case 'fence':
    case 'region':
    case 'grace-period':
    case 'end':
    case 'stuck':
      return false;
  }
}

function withoutValue(action: Action): string {
  return JSON.stringify(action, (key, part) => (key === 'value' || key === 'span' ? undefined : part));
}

/** A string that is equal for threads that are worth trying; undefined where handlers make the CPU special. */
export function shapeOf(
  { program, liveness }: Pick<SymmetricMachine, 'program' | 'liveness'>,
  threads: readonly ThreadId[],
): string | undefined {
  if (threads.length > 1) return undefined;
  const { code, initial } = program.threads[threads[0]];
  const registers = code.registers.map((_, register) => shape(initial.get(register as RegisterId) ?? 0n));
  const shown = liveness.at(code, code.instructions.length);
  return JSON.stringify([shapeOfCode(code), registers, shown]);
}

function shapeOfCode({ instructions }: Code): string {
  return JSON.stringify(instructions, (key, part) => (key === 'span' ? undefined : shape(part)));
}

/** Numbers of the program are all alike; addresses are not. */
function shape(part: unknown): unknown {
  return typeof part === 'bigint' ? '#' : part;
}
