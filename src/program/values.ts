/** The address of a byte of an object or of a function. Distinct symbols never overlap. */
export interface Pointer {
  /** Name of a memory object (`Cell.symbol`) or of a function (`Code.name`). */
  readonly symbol: string;
  /** In bytes from the start of the object. */
  readonly offset: number;
}

/** What a register or a cell can hold: an integer, or an address. Null is the integer 0. */
export type Value = bigint | Pointer;

/** An integer type: its width, and how its top bit is read. Pointers are 64 bits wide and never wrapped. */
export interface ScalarType {
  readonly bits: 1 | 8 | 16 | 32 | 64;
  readonly signed: boolean;
  /** Whether it is a pointer's. */
  readonly address?: true;
}

export const int32: ScalarType = { bits: 32, signed: true };
export const uint32: ScalarType = { bits: 32, signed: false };
export const int64: ScalarType = { bits: 64, signed: true };
export const uint64: ScalarType = { bits: 64, signed: false };
export const pointerType: ScalarType = { bits: 64, signed: true, address: true };

export function isPointer(value: Value): value is Pointer {
  return typeof value !== 'bigint';
}

/**
 * What memory holds that is nobody's: memory that was freed, and memory that was allocated and not initialised. No program writes such a
 * value but by `free`, and no read returns one: it returns `JUNK`, and the execution is in error.
 */
export const FREED: Pointer = { symbol: '(freed)', offset: 0 };
export const UNINITIALISED: Pointer = { symbol: '(uninitialised)', offset: 0 };
/**
 * What a read of such memory returns: a bit pattern of which nothing is known but that it is not 0 and no other value, as the poison of
 * the kernel's allocators. Arithmetic on it gives junk; what it points to is a location of its own, that holds junk at first.
 */
export const JUNK: Pointer = { symbol: '(junk)', offset: 0 };

/** What a read returns of memory that holds a value. */
export function asRead(value: Value): Value {
  return isPointer(value) && (value.symbol === FREED.symbol || value.symbol === UNINITIALISED.symbol)
    ? JUNK
    : value;
}

export function isJunk(value: Value): boolean {
  return isPointer(value) && value.symbol === JUNK.symbol;
}

/**
 * A value that comes from itself, round a circle of reads and writes, and that nothing fixes: it equals no other value, and nothing else is
 * known of it. Numbered from 1 in an execution.
 */
export function symbolicValue(number: number): Pointer {
  return { symbol: `(S${number})`, offset: 0 };
}

/** The name of a symbolic value, as herd7 writes it; undefined for any other value. */
export function symbolicName(value: Value): string | undefined {
  return isPointer(value) ? /^\((S\d+)\)$/.exec(value.symbol)?.[1] : undefined;
}

/** A string that is equal for equal values and only for those. */
export function valueKey(value: Value): string {
  return isPointer(value) ? `&${value.symbol}+${value.offset}` : String(value);
}

export function valuesEqual(left: Value, right: Value): boolean {
  if (isPointer(left))
    return isPointer(right) && left.symbol === right.symbol && left.offset === right.offset;
  return left === right;
}

/** The value as a variable of the type holds it (two's complement). A pointer stays as it is. */
export function wrap(value: Value, type: ScalarType): Value {
  if (isPointer(value)) return value;
  if (type.bits === 1) return value === 0n ? 0n : 1n; // C's _Bool
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}
