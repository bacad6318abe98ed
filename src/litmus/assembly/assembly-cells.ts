import { raise, type Span } from '../../diagnostics.js';
import { type Cell, isPointer, type Pointer, type ScalarType, type Value } from '../../program/index.js';
import type { InitEntry, InitValue, PlaceSyntax } from '../frame/litmus-syntax.js';
import { printPlace } from '../frame/print-frame.js';
import { held, ofBits } from '../reading/constants.js';

type MemoryPlace = PlaceSyntax & { kind: 'memory' };

/** An element of memory while its type is still open. */
interface Draft {
  readonly symbol: string;
  readonly offset: number;
  readonly name: string;
  initial: Value;
  /** Of what is written for the first value. */
  span?: Span;
}

/**
 * The variables of an assembly test: they exist by being mentioned. All elements of one variable have one
 * type, which the dialect tells.
 */
export class AssemblyCells {
  private readonly drafts: Draft[] = [];
  private readonly indices = new Map<string, number>();
  private readonly arrays = new Set<string>();
  private readonly types = new Map<string, ScalarType>();

  constructor(
    init: readonly InitEntry[],
    /** The type that a variable's declaration in the init section gives it, or that it has without one. */
    private readonly declared: (type: string | undefined) => ScalarType,
  ) {
    // Sizes first: an address of an element needs its array's.
    for (const { place, type, length } of init) {
      if (place.kind !== 'memory') continue;
      if (type !== undefined) this.types.set(place.symbol, declared(type));
      if (length !== undefined || place.path.length > 0) this.arrays.add(place.symbol);
    }
    for (const entry of init) this.declare(entry);
  }

  private declare({ place, length, value }: InitEntry): void {
    if (place.kind === 'memory') {
      for (let index = 0; index < (length ?? 0); index++) this.mention({ ...place, path: [index] });
      if (length === undefined) this.set(this.draft(place), value);
      else if (value) this.fill(place, length, value);
    } else if (value) {
      this.scalar(value);
    }
  }

  private fill(place: MemoryPlace, length: number, value: InitValue): void {
    if (value.kind !== 'list') raise('expected a list of values in braces for an array', value.span);
    if (value.values.length > length) {
      raise(`${value.values.length} values for an array of ${length}`, value.span);
    }
    value.values.forEach((element, index) => {
      this.set(this.draft({ ...place, path: [index] }), element);
    });
  }

  private set(draft: Draft, value: InitValue | undefined): void {
    draft.initial = value ? this.scalar(value) : 0n;
    if (value) draft.span = value.span;
  }

  /** What a register or an element starts with. Variables that it points to exist from now on. */
  scalar(value: InitValue): Value {
    switch (value.kind) {
      case 'integer':
        return value.value;
      case 'address':
        return this.address(value.place);
      case 'list':
        return raise('expected one value, found a list', value.span);
    }
  }

  private address(place: MemoryPlace): Pointer {
    if (place.path.length === 0 && this.arrays.has(place.symbol)) return { symbol: place.symbol, offset: 0 };
    return this.draft(place);
  }

  /** The variable exists. */
  mention(place: MemoryPlace): void {
    this.draft(place);
  }

  private draft(place: MemoryPlace): Draft {
    const { symbol } = place;
    const offset = this.offsetOf(place);
    if (offset === undefined)
      return raise(`\`${printPlace(place)}\` is not one value of an assembly test`, place.span);
    const key = `${symbol}+${offset}`;
    const known = this.indices.get(key);
    if (known !== undefined) return this.drafts[known];
    const made = { symbol, offset, name: printPlace(place), initial: 0n };
    this.indices.set(key, this.drafts.push(made) - 1);
    return made;
  }

  private offsetOf({ symbol, path }: MemoryPlace): number | undefined {
    if (path.length === 0) return this.arrays.has(symbol) ? undefined : 0;
    const [index] = path;
    if (path.length > 1 || typeof index !== 'number') return undefined;
    return (index * this.typeOf(symbol).bits) / 8;
  }

  private typeOf(symbol: string): ScalarType {
    return this.types.get(symbol) ?? this.declared(undefined);
  }

  /** Index of a place's cell. */
  index(place: MemoryPlace): number | undefined {
    const offset = this.offsetOf(place);
    return offset === undefined ? undefined : this.indices.get(`${place.symbol}+${offset}`);
  }

  /**
   * @param typeOf the type that a variable's accesses give it, where they are known and it is no array
   * @param declarationsHold whether a type that is declared goes before that
   */
  cells(typeOf: (symbol: string) => ScalarType | undefined, declarationsHold = false): Cell[] {
    return this.drafts.map(({ symbol, offset, name, initial, span }) => {
      const isKnown = this.arrays.has(symbol) || (declarationsHold && this.types.has(symbol));
      const accessed = isKnown ? undefined : typeOf(symbol);
      const type = accessed ?? this.typeOf(symbol);
      if (isPointer(initial))
        return { symbol, offset, name, type, initial: { symbol: initial.symbol, offset: initial.offset } };
      const first = span ? held(initial, [ofBits('a location', type)], span) : initial;
      return { symbol, offset, name, type, initial: first };
    });
  }
}
