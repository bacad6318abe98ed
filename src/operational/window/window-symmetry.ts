import type { Liveness, Program, ValueId } from '../../program/index.js';
import { pairsAlike, type Swap, SwapSymmetry } from '../explore/cpu-symmetry.js';
import { shapeOf } from '../in-order/in-order-symmetry.js';
import type { MachineState } from '../machine/machine.js';
import type { DependencySets, SetId } from './load-sets.js';
import type { Move } from './moves.js';
import type { AlphaCpu, CpuId, CpuRecord, Fact } from './window-cpu.js';
import type { CpuState } from './window-state.js';

/** What the symmetries of an Alpha machine are about. */
export interface SymmetricAlpha {
  readonly program: Program;
  readonly liveness: Liveness;
  readonly cpus: readonly AlphaCpu[];
  /** By CPU: its own thread and its handlers. */
  readonly threads: readonly (readonly { readonly id: number }[])[];
  readonly sets: DependencySets;
  /** Where in a state the values of locations start, where their dependencies do, and where these end. */
  readonly value: number;
  readonly deps: number;
  readonly end: number;
  /** Values that mean themselves: the first ones of locations, and what is no value. */
  readonly fixed: readonly ValueId[];
  number(value: unknown): ValueId;
  /** What was found out about the CPUs, in this order; it grows. */
  readonly facts: readonly Fact[];
}

/**
 * Symmetries of an Alpha machine, as `InOrderSymmetry` has them: each swaps two CPUs whose threads differ in nothing but numbers, and
 * renames values to match. What is said there of why that is enough holds here, with the states of `AlphaCpu` for those of threads.
 *
 * Of CPU states that belong together, the windows, the places in the code and the moves must be the same but for values, and the values
 * in them belong together. With inputs that belong together, so do the next states; a set of loads belongs to the one with the CPUs
 * swapped. A value that is guessed and belongs to none as yet is left open: as long as nothing stores it, no guess of it comes true.
 */
export class AlphaSymmetry extends SwapSymmetry {
  constructor(machine: SymmetricAlpha, width: number) {
    const shapes = machine.threads.map((threads) => shapeOf(machine, threads.map(({ id }) => id) as never));
    super(
      pairsAlike(shapes).map(([first, second]) => new CpuSwap(machine, first, second)),
      width,
    );
  }
}

/** Two CPUs change places. */
class CpuSwap implements Swap {
  /** By CPU: the one that takes its place. */
  private readonly cpu: readonly number[];
  /** By value, and by CPU and state of it: what belongs to it. */
  private readonly values: number[] = [];
  private readonly locals: number[][];
  /** How many facts were looked at. */
  private seen = 0;
  /** Facts about guesses of values that belong to none as yet. */
  private open: Fact[] = [];
  private isRight = true;

  constructor(
    private readonly machine: SymmetricAlpha,
    first: number,
    second: number,
  ) {
    const { cpus, fixed } = machine;
    this.cpu = cpus.map((_, at) => (at === first ? second : at === second ? first : at));
    this.locals = cpus.map(() => []);
    for (const value of fixed) this.joinValues(value, value);
    cpus.forEach((cpu, at) => {
      this.joinLocals(at, cpu.initial, cpus[this.cpu[at]].initial);
    });
  }

  isUpToDate(): boolean {
    return this.seen === this.machine.facts.length;
  }

  /** Whether it keeps all facts. */
  holds(): boolean {
    const { facts } = this.machine;
    if (this.isUpToDate()) return this.isRight;
    while (this.isRight && this.seen < facts.length) this.look(facts[this.seen++]);
    for (let known = -1; this.isRight && known !== this.open.length; ) {
      known = this.open.length;
      for (const fact of this.open.splice(0)) this.look(fact);
    }
    return this.isRight;
  }

  /** False when a CPU's state has no image, as it has guessed what nothing stores. */
  image(state: MachineState, into: MachineState): boolean {
    const { cpus, value, deps, end } = this.machine;
    into.set(state);
    for (let cpu = 0; cpu < cpus.length; cpu++) {
      const local = this.local(state, cpu);
      if (local === undefined) return false;
      into[cpu] = local;
    }
    for (let at = value; at < deps; at++) into[at] = this.values[state[at]];
    for (let at = deps; at < end; at++) into[at] = this.set(state[at] as SetId);
    return true;
  }

  /** Whether the image, which is then written to `into`, comes before the state. Mostly the CPUs tell already. */
  lowers(state: MachineState, into: MachineState): boolean {
    for (let cpu = 0; cpu < this.cpu.length; cpu++) {
      const local = this.local(state, cpu);
      if (local === state[cpu]) continue;
      return local !== undefined && local < state[cpu] && this.image(state, into);
    }
    if (!this.image(state, into)) return false;
    for (let at = 0; at < state.length; at++) if (into[at] !== state[at]) return into[at] < state[at];
    return false;
  }

  private local(state: MachineState, cpu: number): number | undefined {
    const from = this.cpu[cpu];
    return this.locals[from][state[from]];
  }

  private set(set: SetId): SetId {
    return this.machine.sets.renamed(set, this.cpu);
  }

  // --- What belongs together ---

  private look(fact: Fact): void {
    const { cpus } = this.machine;
    const { cpu, id } = fact;
    const other = this.locals[cpu][id] as CpuId | undefined;
    const image = cpus[this.cpu[cpu]];
    if (other === undefined) {
      this.open.push(fact);
      return;
    }
    switch (fact.kind) {
      case 'forget':
        this.joinLocals(
          cpu,
          fact.found,
          image.forget(other, this.cpu[fact.of], fact.slot, this.set(fact.source)),
        );
        return;
      case 'unlinked':
        this.joinLocals(cpu, fact.found, image.unlinked(other, fact.cell));
        return;
      case 'after': {
        const { moves } = cpus[cpu].record(id);
        const number = this.move(moves, fact.move, image.record(other).moves);
        const read = readsMemory(moves[fact.move]) ? this.values[fact.read] : fact.read;
        if (number === undefined) {
          this.open.push(fact);
        } else if (number < 0 || read === undefined) {
          this.isRight = false;
        } else {
          const deps = this.set(fact.deps);
          this.joinLocals(cpu, fact.found, image.after(other, number, read as ValueId, deps));
          this.isRight &&= image.isRound(other, number, read as ValueId, deps) === fact.isRound;
        }
      }
    }
  }

  /** The number of the move that belongs to one; undefined when that is a guess of a value that belongs to none as yet, -1 when there is none. */
  private move(moves: readonly Move[], number: number, others: readonly Move[]): number | undefined {
    const move = moves[number];
    if (move.kind !== 'predict') return number;
    const value = this.values[this.machine.number(move.value)];
    if (value === undefined) return undefined;
    return others.findIndex(
      (other) =>
        other.kind === 'predict' &&
        other.slot === move.slot &&
        other.must.kind === move.must.kind &&
        other.must.at === move.must.at &&
        this.machine.number(other.value) === value,
    );
  }

  private joinLocals(cpu: number, local: CpuId, other: CpuId): void {
    const { cpus } = this.machine;
    const image = this.cpu[cpu];
    const isKnown = this.locals[cpu][local] !== undefined || this.locals[image][other] !== undefined;
    if (isKnown) {
      this.isRight &&= this.locals[cpu][local] === other && this.locals[image][other] === local;
      return;
    }
    this.locals[cpu][local] = other;
    this.locals[image][other] = local;
    this.joinRecords(cpus[cpu].record(local), cpus[image].record(other));
  }

  private joinRecords(one: CpuRecord, other: CpuRecord): void {
    this.isRight &&= frameOf(one) === frameOf(other) && one.moves.length === other.moves.length;
    if (!this.isRight) return;
    one.state.window.forEach((entry, at) => {
      const image = other.state.window[at];
      if (entry.kind === 'load' && image.kind === 'load' && entry.predicted !== undefined)
        this.joinValues(entry.predicted, image.predicted as number);
    });
    one.moves.forEach((move, at) => {
      this.joinMoves(move, other.moves[at]);
    });
  }

  private joinMoves(one: Move, other: Move): void {
    const { machine } = this;
    this.isRight &&= withoutValue(one) === withoutValue(other);
    if (!this.isRight) return;
    if (one.kind === 'store' && other.kind === 'store') {
      this.joinValues(machine.number(one.value), machine.number(other.value));
      this.isRight &&= this.set(one.deps) === other.deps;
    }
    if (!('source' in one && 'source' in other) || !one.source || !other.source) return;
    this.isRight &&= this.set(one.source.deps) === other.source.deps;
    const [value, image] = [one.source.value, other.source.value];
    this.isRight &&= value.kind === image.kind;
    if (value.kind === 'constant' && image.kind === 'constant')
      this.joinValues(machine.number(value.value), machine.number(image.value));
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

function readsMemory(move: Move): boolean {
  return (move.kind === 'read' || move.kind === 'load') && move.source === undefined;
}

/** All of a CPU's state that must be the same where states belong together. */
function frameOf({ state, front, choosing, final, held, linked }: CpuRecord): string {
  const { contexts, active, ran, window, must, declined, limit, hangs }: CpuState = state;
  const places = contexts.map(({ frames, ended, allocated, taken, fault, misled }) => [
    ended,
    [allocated, taken],
    [fault?.name, fault?.slots, misled],
    frames.map(({ pc }) => pc),
  ]);
  const waiting = window.map((entry) =>
    entry.kind === 'barrier'
      ? entry.pairs
      : [
          entry.kind,
          entry.cell,
          'hold' in entry ? entry.hold : entry.kind === 'load' && entry.predicted !== undefined,
        ],
  );
  return JSON.stringify([
    [front.kind, choosing, final, held, linked],
    [places, active, ran, declined, waiting, must],
    [limit !== undefined, hangs],
  ]);
}

function withoutValue(move: Move): string {
  const left = new Set(['value', 'deps', 'predicted']);
  return JSON.stringify(move, (key, part) => (left.has(key) ? undefined : part));
}
