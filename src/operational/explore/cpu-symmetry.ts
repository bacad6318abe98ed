import type { MachineState, Symmetry } from '../machine/machine.js';

/** Two CPUs change places. */
export interface Swap {
  /** Whether all that was found out about the CPUs so far agrees with it. */
  holds(): boolean;
  /** Whether nothing was found out since `holds` was asked last. */
  isUpToDate(): boolean;
  /** Writes the state with the CPUs swapped. False when it has none. */
  image(state: MachineState, into: MachineState): boolean;
  /** Whether the state with the CPUs swapped comes before, word by word; it is then in `into`. */
  lowers(state: MachineState, into: MachineState): boolean;
}

/** CPUs of one shape of which each pair is swapped; of more, neighbours: that makes the same symmetries, by longer ways. */
const MOST_ALIKE = 16;

/** Pairs of CPUs that have the same shape: those that may be swapped. */
export function pairsAlike(shapes: readonly (string | undefined)[]): (readonly [number, number])[] {
  const groups = new Map<string, number[]>();
  return shapes.flatMap((shape, second) => {
    if (shape === undefined) return [];
    const alike = groups.get(shape) ?? [];
    const earlier = alike.length < MOST_ALIKE ? [...alike] : alike.slice(-1);
    groups.set(shape, alike);
    alike.push(second);
    return earlier.map((first) => [first, second] as const);
  });
}

/** The symmetries that swaps make, of which those are dropped that turn out to be none. */
export class SwapSymmetry implements Symmetry {
  private readonly image_: MachineState;

  constructor(
    private readonly swaps: Swap[],
    width: number,
  ) {
    this.image_ = new Int32Array(width);
    this.check();
  }

  get generators(): number {
    return this.swaps.length;
  }

  image(generator: number, state: MachineState, into: MachineState): void {
    this.check();
    if (!this.swaps[generator].image(state, into)) throw new Error('a state that has no image was reached');
  }

  /** Applies swaps as long as one leads to a state that comes before, word by word. */
  normalise(state: MachineState, used?: number[]): boolean {
    if (!this.check()) return false;
    const { swaps, image_ } = this;
    for (let tried = 0, at = 0; tried < swaps.length; at = (at + 1) % swaps.length, tried++) {
      if (!swaps[at].lowers(state, image_)) continue;
      state.set(image_);
      used?.push(at);
      tried = -1;
    }
    return true;
  }

  /** Holds every swap against what was found out since. False when one was dropped. */
  private check(): boolean {
    let all = true;
    for (let at = 0; at < this.swaps.length; ) {
      if (this.swaps[at].holds()) {
        at++;
      } else {
        this.swaps.splice(at, 1);
        all = false;
      }
    }
    // What is looked up for one swap may be news to another.
    return this.swaps.every((swap) => swap.isUpToDate()) ? all : this.check() && all;
  }
}
