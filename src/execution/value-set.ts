import {
  type Expression,
  evaluate,
  forEachRegister,
  isPointer,
  type Pointer,
  type Value,
  valueKey,
} from '../program/index.js';

/** Values past which a set is no longer a list, and combinations of values that are tried for one expression. */
const MAX_VALUES = 64;
const MAX_COMBINATIONS = 4096;

/**
 * A set of values that grows. One that has become large has every integer, and every address in the objects of which it has one:
 * arithmetic leads from an object to no other.
 */
export class ValueSet {
  private readonly values = new Map<string, Value>();
  private readonly objects = new Set<string>();
  private isLarge = false;

  /** @returns whether it has grown; so with all that follows */
  add(value: Value): boolean {
    if (this.has(value)) return false;
    if (this.isLarge || this.values.size === MAX_VALUES) {
      this.widen();
      if (isPointer(value)) this.objects.add(value.symbol);
    } else this.values.set(valueKey(value), value);
    return true;
  }

  has(value: Value): boolean {
    if (this.isLarge) return !isPointer(value) || this.objects.has(value.symbol);
    return this.values.has(valueKey(value));
  }

  addAll(other: ValueSet): boolean {
    let grew = false;
    if (other.isLarge && !this.isLarge) {
      this.widen();
      grew = true;
    }
    for (const value of other.values.values()) grew = this.add(value) || grew;
    for (const symbol of other.objects) grew = this.add({ symbol, offset: 0 }) || grew;
    return grew;
  }

  /** Adds all that an expression can come to, whatever its registers hold of these sets. */
  addValues(expression: Expression, registers: (register: number) => ValueSet): boolean {
    const used = new Set<number>();
    forEachRegister(expression, (register) => used.add(register));
    const sets = [...used].map((register) => [register, registers(register)] as const);
    const combinations = sets.reduce((all, [, { values }]) => all * values.size, 1);
    if (!sets.some(([, set]) => set.isLarge) && combinations <= MAX_COMBINATIONS)
      return this.addCombinations(expression, sets);
    // Arithmetic gives integers, and addresses in the objects that addresses in it are of.
    let grew = !this.isLarge;
    this.widen();
    for (const { symbol } of [...addressesIn(expression), ...sets.flatMap(([, set]) => set.addresses())])
      grew = this.add({ symbol, offset: 0 }) || grew;
    return grew;
  }

  private addCombinations(expression: Expression, sets: readonly (readonly [number, ValueSet])[]): boolean {
    const chosen = new Map<number, Value>();
    const pick = (at: number): boolean => {
      if (at === sets.length) return this.addOutcome(expression, chosen);
      const [register, { values }] = sets[at];
      let grew = false;
      for (const value of values.values()) {
        chosen.set(register, value);
        grew = pick(at + 1) || grew;
      }
      return grew;
    };
    return pick(0);
  }

  private addOutcome(expression: Expression, registers: ReadonlyMap<number, Value>): boolean {
    return this.add(evaluate(expression, (register) => registers.get(register) as Value));
  }

  private widen(): void {
    if (this.isLarge) return;
    this.isLarge = true;
    for (const { symbol } of this.addresses()) this.objects.add(symbol);
    this.values.clear();
  }

  /** Its values; undefined where it is large. */
  list(): readonly Value[] | undefined {
    return this.isLarge ? undefined : [...this.values.values()];
  }

  /** The addresses in it: of a large set, that of each object. */
  addresses(): readonly Pointer[] {
    if (this.isLarge) return [...this.objects].map((symbol) => ({ symbol, offset: 0 }));
    return [...this.values.values()].filter(isPointer);
  }
}

function addressesIn(expression: Expression): Pointer[] {
  switch (expression.kind) {
    case 'constant':
      return isPointer(expression.value) ? [expression.value] : [];
    case 'register':
      return [];
    case 'unary':
    case 'wrap':
      return addressesIn(expression.operand);
    case 'binary':
      return [...addressesIn(expression.left), ...addressesIn(expression.right)];
    case 'select':
      return [
        ...addressesIn(expression.condition),
        ...addressesIn(expression.then),
        ...addressesIn(expression.otherwise),
      ];
  }
}
