declare const brand: unique symbol;
/** A set of loads that have not performed, as a small number: equal for equal sets. */
export type SetId = number & { readonly [brand]: 'set' };

export const NONE = 0 as SetId;

/**
 * A member of a set: `cpu << 12 | slot << 1 | direct`. The slot counts the loads that wait on that CPU, in issue order. `direct` is 1
 * for a load of the CPU itself whose performing must come before what depends on it, and 0 for any load that it has its value from,
 * by whatever way.
 */
type Token = number;

const CPU = 12;
const tokenOf = (cpu: number, slot: number, direct: 0 | 1): Token => (cpu << CPU) | (slot << 1) | direct;
const cpuOf = (token: Token) => token >> CPU;
const slotOf = (token: Token) => (token >> 1) & 0x7ff;

/** Sets of loads that have not performed, interned. */
export class DependencySets {
  private readonly members: (readonly Token[])[] = [[]];
  private readonly byKey = new Map<string, SetId>([['', NONE]]);
  private readonly unions = new Map<number, SetId>();

  /** One load; `orders`: what depends on it must wait for it; `traces`: what has its value from it is kept track of. */
  single(cpu: number, slot: number, orders: boolean, traces: boolean): SetId {
    return this.intern([
      ...(traces ? [tokenOf(cpu, slot, 0)] : []),
      ...(orders ? [tokenOf(cpu, slot, 1)] : []),
    ]);
  }

  union(left: SetId, right: SetId): SetId {
    if (left === right || right === NONE) return left;
    if (left === NONE) return right;
    const key = left * 0x100000 + right;
    let found = this.unions.get(key);
    if (found === undefined) {
      found = this.intern([...this.members[left], ...this.members[right]]);
      this.unions.set(key, found);
    }
    return found;
  }

  /** Without what only orders the CPU's own accesses: what another CPU gets to see. */
  causes(set: SetId): SetId {
    return set === NONE ? NONE : this.intern(this.members[set].filter((token) => (token & 1) === 0));
  }

  /** Whether what has these dependencies must wait. */
  waits(set: SetId): boolean {
    return this.members[set].some((token) => (token & 1) === 1);
  }

  /** The slots of the loads of its own CPU that what has these dependencies must wait for. */
  awaited(set: SetId): number[] {
    return this.members[set].filter((token) => (token & 1) === 1).map(slotOf);
  }

  /** Whether a value with these dependencies comes from a load. */
  has(set: SetId, cpu: number, slot: number): boolean {
    return set !== NONE && this.members[set].includes(tokenOf(cpu, slot, 0));
  }

  /** Whether a load of another CPU is among them. */
  isForeign(set: SetId, cpu: number): boolean {
    return this.members[set].some((token) => cpuOf(token) !== cpu);
  }

  /** Whether every member is a load that waits: for each CPU there are `waiting` many. */
  isWithin(set: SetId, waiting: (cpu: number) => number): boolean {
    return this.members[set].every((token) => slotOf(token) < waiting(cpuOf(token)));
  }

  /** With another CPU for each. */
  renamed(set: SetId, cpus: readonly number[]): SetId {
    if (set === NONE) return NONE;
    const all = (1 << CPU) - 1;
    return this.intern(this.members[set].map((token) => (cpus[cpuOf(token)] << CPU) | (token & all)));
  }

  /** After the load in a slot has performed, with the dependencies of what it read; later loads of the CPU move up. */
  performed(set: SetId, cpu: number, slot: number, source: SetId): SetId {
    if (set === NONE) return NONE;
    const moved = (token: Token): Token => (cpuOf(token) === cpu && slotOf(token) > slot ? token - 2 : token);
    return this.intern(
      this.members[set].flatMap((token) => {
        if (cpuOf(token) !== cpu || slotOf(token) !== slot) return [moved(token)];
        return (token & 1) === 1 ? [] : this.members[source].map(moved);
      }),
    );
  }

  private intern(tokens: readonly Token[]): SetId {
    const sorted = [...new Set(tokens)].sort((a, b) => a - b);
    const key = sorted.join(',');
    let id = this.byKey.get(key);
    if (id === undefined) {
      id = this.members.length as SetId;
      this.byKey.set(key, id);
      this.members.push(sorted);
    }
    return id;
  }
}
