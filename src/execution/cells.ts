import {
  type Cell,
  type CellId,
  cellId,
  int64,
  isJunk,
  isPointer,
  JUNK,
  managesMemory,
  mixedSize,
  type Pointer,
  type Program,
  type ScalarType,
  type Value,
} from '../program/index.js';

/**
 * The memory of a program: finds a location by its address. In flat memory a new address makes a new location. A program that allocates or
 * frees memory has one location more, the last: what junk points to.
 */
export class CellTable {
  private readonly byAddress = new Map<string, CellId>();
  private readonly list: Cell[] = [];
  /** Whether the program allocates or frees memory. */
  readonly managesMemory: boolean;

  constructor(private readonly program: Program) {
    for (const cell of program.cells) this.add(cell);
    this.managesMemory = managesMemory(program);
    if (this.managesMemory) this.add({ ...JUNK, name: JUNK.symbol, type: int64, initial: JUNK });
  }

  get cells(): readonly Cell[] {
    return this.list;
  }

  /** The location at an address; undefined when there is no memory. A new one is of the type that is asked for. */
  at(pointer: Pointer, type: ScalarType = int64): CellId | undefined {
    const found = this.byAddress.get(address(pointer));
    if (found !== undefined || !this.program.flatMemory) return found;
    return this.add({ ...pointer, name: address(pointer), type, initial: 0n });
  }

  /** The location that an access is to, or why it cannot be made. Without a type, it is about the location and touches nothing. */
  accessed(at: Value, type: ScalarType | undefined): CellId | string {
    if (!isPointer(at)) return `access to address ${at}, which is no object's`;
    const found = this.byAddress.get(address(at));
    // What junk points to has no size.
    const isFree = !type || isJunk(at) || (found !== undefined && this.list[found].type.bits === type.bits);
    const mixed = isFree ? undefined : mixedSize(this.list, at, type);
    return mixed ?? found ?? this.at(at, type) ?? `access to ${address(at)}, which is no data in memory`;
  }

  /** The addresses of all locations; of those that an access of a type can be to. */
  addresses(type?: ScalarType): Pointer[] {
    const fits = (cell: Cell) => !type || isJunk(cell) || cell.type.bits === type.bits;
    return this.list.filter(fits).map(({ symbol, offset }) => ({ symbol, offset }));
  }

  /** The locations of the object that begins at an address, in order of place; undefined when none does. */
  object({ symbol, offset }: Pointer): readonly CellId[] | undefined {
    if (offset !== 0) return undefined;
    const found = this.list.flatMap((cell, id) => (cell.symbol === symbol ? [cellId(id)] : []));
    return found.length > 0 ? found : undefined;
  }

  /**
   * What a load-locked locks: the locations of a naturally aligned block of 16 bytes, the least that an implementation may lock (Alpha
   * handbook, 4.2.4). Objects begin at such blocks, each at one of its own. A location that was not met yet stands for itself.
   */
  block(cell: CellId): readonly CellId[] {
    if (cell >= this.list.length) return [cell];
    return this.list.flatMap((_, id) => (this.isOneBlock(cell, cellId(id)) ? [cellId(id)] : []));
  }

  /** Whether two locations are in one block of 16 bytes. */
  isOneBlock(left: CellId, right: CellId): boolean {
    return isOneBlock(this.list[left], this.list[right]);
  }

  private add(cell: Cell): CellId {
    const id = cellId(this.list.length);
    this.list.push(cell);
    this.byAddress.set(address(cell), id);
    return id;
  }
}

const BLOCK = 16;

export function isOneBlock(left: Cell, right: Cell): boolean {
  return left.symbol === right.symbol && Math.floor(left.offset / BLOCK) === Math.floor(right.offset / BLOCK);
}

function address({ symbol, offset }: Pointer): string {
  if (offset === 0) return symbol;
  return offset > 0 ? `${symbol}+${offset}` : `${symbol}${offset}`;
}
