import type { ExecutionGraph } from '../../execution/index.js';
import { reserve } from '../../limits.js';

/** `first` is the source of the read `second`. */
export const SOURCE = 0;
/** `first` is the last write to the location that target `second` stands for. */
const LAST = 1;
/** `first` comes before `second` in co; if not, after it. */
export const ORDER = 2;

/** What a variable takes here and in the solver, at least. */
const BYTES = 64;

/**
 * What is to be decided of a graph's execution, as variables that are true or not. A target is what has
 * exactly one source: a read (its event is its number), or the end of the execution for a location that is
 * asked for (numbers from the number of events on).
 */
export class Variables {
  count = 0;
  readonly targets: number;
  /** By variable. */
  readonly kind: Uint8Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** By target: its first variable, and how many there are from there on. */
  readonly base: Int32Array;
  readonly size: Int32Array;
  /** By cell that is asked for: its target. */
  readonly ends = new Map<number, number>();
  /** By target: the cell. */
  readonly cellOf: Int32Array;
  /** By event: the variable that says it is the last write; -1 when there is none. */
  readonly lastOf: Int32Array;
  /** The first variable of kind `ORDER`. */
  readonly orders: number;
  private readonly orderOf: Int32Array;
  private readonly n: number;

  constructor(
    graph: ExecutionGraph,
    writes: ReadonlyMap<number, readonly number[]>,
    /** By cell, the events that co orders: the writes and perhaps others, the initial write first. */
    ordered: ReadonlyMap<number, readonly number[]>,
    shown: ReadonlySet<number>,
    mayRead: (read: number, write: number) => boolean,
  ) {
    const { events, initial } = graph;
    const room = roomFor(graph, writes, ordered);
    reserve(room * BYTES + 4 * events.length ** 2);
    this.n = events.length;
    this.initial = initial;
    const cells = [...writes.keys()].filter(
      (cell) => shown.has(cell) && (writes.get(cell) as readonly number[]).length > 1,
    );
    this.targets = this.n + cells.length;
    this.base = new Int32Array(this.targets);
    this.size = new Int32Array(this.targets);
    this.cellOf = new Int32Array(this.targets).fill(-1);
    this.lastOf = new Int32Array(this.n).fill(-1);
    this.orderOf = new Int32Array(this.n * this.n);
    this.kind = new Uint8Array(room);
    this.first = new Int32Array(room);
    this.second = new Int32Array(room);
    events.forEach(({ kind, cell }, read) => {
      if (kind !== 'read') return;
      this.begin(read, cell);
      for (const write of writes.get(cell) as readonly number[]) {
        if (mayRead(read, write)) this.add(SOURCE, write, read);
      }
      this.size[read] = this.count - this.base[read];
    });
    cells.forEach((cell, index) => {
      const target = this.n + index;
      this.ends.set(cell, target);
      this.begin(target, cell);
      for (const write of (writes.get(cell) as readonly number[]).slice(1)) {
        this.lastOf[write] = this.count;
        this.add(LAST, write, target);
      }
      this.size[target] = this.count - this.base[target];
    });
    this.orders = this.count;
    for (const own of ordered.values()) {
      for (let later = 1; later < own.length; later++) {
        for (let earlier = 1; earlier < later; earlier++) {
          this.orderOf[own[earlier] * this.n + own[later]] = this.count;
          this.add(ORDER, own[earlier], own[later]);
        }
      }
    }
  }

  private begin(target: number, cell: number): void {
    this.base[target] = this.count;
    this.cellOf[target] = cell;
  }

  private add(kind: number, first: number, second: number): void {
    this.kind[this.count] = kind;
    this.first[this.count] = first;
    this.second[this.count] = second;
    this.count++;
  }

  /** How many initial writes there are: they are the first events, and no variable orders them. */
  readonly initial: number;

  /** The variable that says that a read reads from a write; -1 when it cannot. */
  sourceOf(read: number, write: number): number {
    for (let variable = this.base[read]; variable < this.base[read] + this.size[read]; variable++) {
      if (this.first[variable] === write) return variable;
    }
    return -1;
  }

  /** The writes that may be a target's source. */
  sourcesOf(target: number): number[] {
    return Array.from(this.first.subarray(this.base[target], this.base[target] + this.size[target]));
  }

  /**
   * The literal that says that one event comes before another in co. Both are of one location, and not
   * initial.
   */
  order(before: number, after: number): number {
    return before < after
      ? 2 * this.orderOf[before * this.n + after]
      : 2 * this.orderOf[after * this.n + before] + 1;
  }
}

/** No fewer than there can be variables. */
function roomFor(
  { events }: ExecutionGraph,
  writes: ReadonlyMap<number, readonly number[]>,
  ordered: ReadonlyMap<number, readonly number[]>,
): number {
  let room = 0;
  for (const { kind, cell } of events)
    if (kind === 'read') room += (writes.get(cell) as readonly number[]).length;
  for (const { length } of writes.values()) room += length;
  for (const { length } of ordered.values()) room += (length * (length - 1)) / 2;
  return room;
}
