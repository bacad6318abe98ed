import { raise, type Span } from '../../../diagnostics.js';
import {
  type Cell,
  int32,
  type Pointer,
  type ScalarType,
  UNINITIALISED,
  type Value,
  wrap,
} from '../../../program/index.js';
import { scalarOf } from './conversions.js';
import type { CType, Types } from './types.js';

interface MemoryObject {
  readonly symbol: string;
  readonly type: CType;
  /** Index of its first cell. */
  readonly first: number;
}

/**
 * Calls `visit` for each scalar that an object of a type consists of, with its place in bytes, and how it is
 * called after the object's name: `.next`, `[2]`.
 */
export function forEachScalar(
  types: Types,
  type: CType,
  span: Span,
  visit: (offset: number, type: ScalarType, path: string) => void,
  start: { readonly offset: number; readonly path: string } = { offset: 0, path: '' },
): void {
  const { offset, path } = start;
  if (type.kind === 'array') {
    const step = types.sizeOf(type.element, span);
    const length = type.length ?? raise('expected a length for this array', span);
    for (let index = 0; index < length; index++) {
      const part = { offset: offset + index * step, path: `${path}[${index}]` };
      forEachScalar(types, type.element, span, visit, part);
    }
    return;
  }
  const members = type.kind === 'struct' ? types.members(type.tag) : undefined;
  if (members) {
    for (const member of members) {
      const part = { offset: offset + member.offset, path: `${path}.${member.name}` };
      forEachScalar(types, member.type, span, visit, part);
    }
    return;
  }
  // An undefined structure, or a void object, is one counter.
  const opaque = type.kind === 'struct' || type.kind === 'void';
  visit(offset, opaque ? int32 : scalarOf(type, span), path);
}

/** The objects that a program shares, and their cells. */
export class Memory {
  private readonly objects = new Map<string, MemoryObject>();
  private readonly made: Cell[] = [];
  private readonly indices = new Map<string, number>();

  constructor(private readonly types: Types) {}

  declare(symbol: string, type: CType, span: Span): void {
    this.objects.set(symbol, { symbol, type, first: this.made.length });
    this.addCells(symbol, type, span);
  }

  private addCells(symbol: string, type: CType, span: Span): void {
    forEachScalar(this.types, type, span, (offset, part, path) => {
      this.indices.set(`${offset} ${symbol}`, this.made.length);
      this.made.push({ symbol, offset, name: symbol + path, type: part, initial: 0n });
    });
  }

  names(): Iterable<string> {
    return this.objects.keys();
  }

  typeOf(symbol: string): CType | undefined {
    return this.objects.get(symbol)?.type;
  }

  cells(): readonly Cell[] {
    return this.made;
  }

  /** The cell that begins at an address. */
  cellAt({ symbol, offset }: Pointer): number | undefined {
    return this.indices.get(`${offset} ${symbol}`);
  }

  setInitial(place: Pointer, value: Value): void {
    const index = this.cellAt(place)!;
    this.made[index] = { ...this.made[index], initial: wrap(value, this.made[index].type) };
  }

  /** Gives an object that is not initialised its cells. */
  allocate(symbol: string, type: CType, span: Span): void {
    this.declare(symbol, type, span);
    for (const cell of this.made.filter((each) => each.symbol === symbol))
      this.setInitial(cell, UNINITIALISED);
  }

  /** Where a path leads from an object, and what is there. */
  find(symbol: string, path: readonly (string | number)[]): { place: Pointer; type: CType } | undefined {
    let type = this.typeOf(symbol);
    let offset = 0;
    for (const step of path) {
      const next = type && this.step(type, step);
      if (!next) return undefined;
      offset += next.offset;
      type = next.type;
    }
    return type && { place: { symbol, offset }, type };
  }

  private step(type: CType, step: string | number): { type: CType; offset: number } | undefined {
    if (typeof step === 'string') {
      if (type.kind !== 'struct') return undefined;
      return this.types.members(type.tag)?.find((member) => member.name === step);
    }
    if (type.kind !== 'array' || step < 0 || step >= type.length!) return undefined;
    // An object's elements have a size, or it would have no cells.
    return { type: type.element, offset: step * this.types.size(type.element)! };
  }
}
