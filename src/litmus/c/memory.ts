import { raise, type Span } from '../../diagnostics.js';
import { type Cell, type Pointer, type Value, wrap } from '../../program/index.js';
import { scalarOf } from './conversions.js';
import type { CType, Types } from './types.js';

interface MemoryObject {
  readonly symbol: string;
  readonly type: CType;
  /** Index of its first cell. */
  readonly first: number;
}

/** The objects that a program shares, and their cells. */
export class Memory {
  private readonly objects = new Map<string, MemoryObject>();
  private readonly made: Cell[] = [];
  private readonly indices = new Map<string, number>();

  constructor(private readonly types: Types) {}

  declare(symbol: string, type: CType, span: Span): void {
    this.objects.set(symbol, { symbol, type, first: this.made.length });
    this.addCells(symbol, symbol, 0, type, span);
  }

  private addCells(symbol: string, name: string, offset: number, type: CType, span: Span): void {
    if (type.kind === 'array') {
      const step = this.types.sizeOf(type.element, span);
      const length = type.length ?? raise(`expected a length for \`${symbol}\``, span);
      for (let index = 0; index < length; index++) {
        this.addCells(symbol, `${name}[${index}]`, offset + index * step, type.element, span);
      }
      return;
    }
    const members = type.kind === 'struct' ? this.types.members(type.tag) : undefined;
    if (members) {
      for (const member of members) {
        this.addCells(symbol, `${name}.${member.name}`, offset + member.offset, member.type, span);
      }
      return;
    }
    // An undefined structure, or a void object, is one counter.
    const opaque = type.kind === 'struct' || type.kind === 'void';
    const scalar = opaque ? { bits: 32 as const, signed: true } : scalarOf(type, span);
    this.indices.set(`${offset} ${symbol}`, this.made.length);
    this.made.push({ symbol, offset, name, type: scalar, initial: 0n });
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
