import { mixedSize } from './access.js';
import type { Fault } from './errors.js';
import { type CellId, cellId } from './ids.js';
import type { Cell, Program } from './program.js';
import { int64, isJunk, isPointer, type Pointer, type ScalarType, type Value } from './values.js';

/** What is below is taken for null and the offset of a member: the kernel maps nothing there. */
const PAGE = 4096n;

/** The memory of a program: finds a location by its address. In flat memory a new address makes a new location. */
export class CellTable {
  private readonly byAddress = new Map<string, CellId>();
  private readonly list: Cell[] = [];

  constructor(private readonly program: Program) {
    for (const cell of program.cells) this.add(cell);
  }

  get cells(): readonly Cell[] {
    return this.list;
  }

  /**
   * The location that an access at an address is to; undefined when there is none that it is to as a whole. In flat memory, which is made of
   * locations all over, a new one is of the type that is asked for.
   * @param type of what is accessed; without one, it is about the location and touches nothing
   */
  at(address: Value, type?: ScalarType): CellId | undefined {
    if (!isPointer(address) || isJunk(address)) return undefined;
    const found = this.byAddress.get(keyOf(address));
    if (found !== undefined && (!type || this.list[found].type.bits === type.bits)) return found;
    const isPlace = found !== undefined || (this.program.flatMemory && isAligned(address, type));
    if (!isPlace || (type && mixedSize(this.list, address, type) !== undefined)) return undefined;
    return found ?? this.add({ ...address, name: keyOf(address), type: type ?? int64, initial: 0n });
  }

  /** What is wrong with an access where `at` finds no location; with junk nothing is that was not wrong before. */
  errorAt(address: Value, type?: ScalarType): Fault | undefined {
    if (!isPointer(address))
      return { name: address >= 0n && address < PAGE ? 'null-dereference' : 'wild-access' };
    if (isJunk(address)) return undefined;
    const own = this.list.filter(({ symbol }) => symbol === address.symbol);
    if (own.length === 0) return { name: 'wild-access' };
    const isTouched = own.some((cell) => overlaps(cell, address, type));
    if (isTouched && !isAligned(address, type)) return this.misaligned(address, own);
    const mixed = type && mixedSize(this.list, address, type);
    if (mixed !== undefined) return { name: 'mixed-size', reason: mixed };
    return this.program.flatMemory ? this.misaligned(address, own) : { name: 'out-of-bounds' };
  }

  /** What begins before an object and reaches into it is out of its bounds; flat memory has locations all over. */
  private misaligned(address: Pointer, own: readonly Cell[]): Fault {
    if (this.program.dialect !== 'X86' && this.program.dialect !== 'X86_64') {
      const isInside = this.program.flatMemory || own.some((cell) => overlaps(cell, address, undefined));
      return { name: isInside ? 'unaligned-access' : 'out-of-bounds' };
    }
    const reason = `an access at ${keyOf(address)}, across the bounds of locations: accesses of mixed sizes are not supported`;
    return { name: 'mixed-size', reason };
  }

  /** The addresses of all locations; of those that an access of a type can be to. */
  addresses(type?: ScalarType): Pointer[] {
    const fits = (cell: Cell) => !type || cell.type.bits === type.bits;
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
    this.byAddress.set(keyOf(cell), id);
    return id;
  }
}

const BLOCK = 16;

export function isOneBlock(left: Cell, right: Cell): boolean {
  return left.symbol === right.symbol && Math.floor(left.offset / BLOCK) === Math.floor(right.offset / BLOCK);
}

/** Without a type, whether it is at the start of a byte, as every address is. */
function isAligned({ offset }: Pointer, type: ScalarType | undefined): boolean {
  return !type || offset % bytesOf(type) === 0;
}

function overlaps(cell: Cell, { offset }: Pointer, type: ScalarType | undefined): boolean {
  const length = type ? bytesOf(type) : 1;
  return offset < cell.offset + bytesOf(cell.type) && cell.offset < offset + length;
}

const bytesOf = ({ bits }: ScalarType): number => Math.ceil(bits / 8);

function keyOf({ symbol, offset }: Pointer): string {
  if (offset === 0) return symbol;
  return offset > 0 ? `${symbol}+${offset}` : `${symbol}${offset}`;
}
