import type { Expression } from './expressions.js';
import type { Cell } from './program.js';
import type { Pointer, ScalarType } from './values.js';

/**
 * Why an access cannot be made that touches one of the cells, but not just all of it: every location has one size. Undefined where no
 * such cell is touched.
 */
export function mixedSize(cells: readonly Cell[], at: Pointer, type: ScalarType): string | undefined {
  const touched = cells.filter(
    ({ symbol, offset, type: { bits } }) =>
      symbol === at.symbol && at.offset < offset + bytesOf(bits) && offset < at.offset + bytesOf(type.bits),
  );
  const other = touched.find((cell) => cell.type.bits !== type.bits);
  if (!other || (touched.length === 1 && holdsAddress(other, at, type))) return undefined;
  const size = sizeOf(other.type);
  const where = at.offset > other.offset ? `within \`${other.name}\`, which` : `where \`${other.name}\``;
  return `an access of ${sizeOf(type)} ${where} has ${size}: accesses of mixed sizes are not supported`;
}

/** As in herd7, an `int` can hold an address: it may be accessed as a pointer, where nothing else lies in the pointer's place. */
function holdsAddress({ offset, type: { bits } }: Cell, at: Pointer, access: ScalarType): boolean {
  return access.address === true && bits >= 32 && offset === at.offset;
}

const bytesOf = (bits: number): number => Math.ceil(bits / 8);

function sizeOf({ bits }: ScalarType): string {
  if (bits === 1) return 'one bit (a bool)';
  return bits === 8 ? '1 byte' : `${bytesOf(bits)} bytes`;
}

/** What an access of a type stores of a value in a location, which keeps its values in its own type. */
export function kept(value: Expression, access: ScalarType, location: ScalarType): Expression {
  return inType(location, { kind: 'wrap', type: access, operand: value }, access);
}

/** What an access of a type makes of what a location holds. */
export function given(held: Expression, access: ScalarType, location: ScalarType): Expression {
  return inType(access, held, location);
}

/** The same bits in another type that is as wide. */
function inType(type: ScalarType, value: Expression, from: ScalarType): Expression {
  return type.signed === from.signed || type.bits !== from.bits
    ? value
    : { kind: 'wrap', type, operand: value };
}
