import { raise, type Span } from '../../diagnostics.js';
import { type ScalarType, wrap } from '../../program/index.js';

/** Which numbers a place can hold that a test compares with a constant, or gives one to. */
export interface NumberType {
  /** What messages call it: `an int`, `a register of 32 bits`. */
  readonly name: string;
  readonly type: ScalarType;
  /**
   * Whether its bits may be written with a sign or without: registers of machines know no sign, nor do
   * addresses.
   */
  readonly anySign: boolean;
}

/** What a place of an assembly test holds: bits. */
export function ofBits(name: string, type: ScalarType): NumberType {
  return { name: `${name} of ${type.bits} bits`, type, anySign: true };
}

/**
 * A constant as a place of one of the types holds it.
 * @throws SourceError when none of them can hold it
 */
export function held(value: bigint, types: readonly NumberType[], span: Span): bigint {
  for (const { type, anySign } of types) {
    if (isOne(value, type)) return value;
    if (anySign && isOne(value, otherSign(type))) return wrap(value, type) as bigint;
  }
  const [first] = types;
  return first ? raise(`${first.name} never holds ${value}: ${instead(value, first)}`, span) : value;
}

const isOne = (value: bigint, type: ScalarType): boolean => wrap(value, type) === value;
const otherSign = (type: ScalarType): ScalarType => ({ bits: type.bits, signed: !type.signed });

/** What may be written: the same bits as a number of the type, if that is what was meant. */
function instead(value: bigint, { type, anySign }: NumberType): string {
  if (type.bits > 1 && isOne(value, otherSign(type))) return `write ${wrap(value, type)}`;
  const low = type.bits > 1 && (type.signed || anySign) ? -(1n << BigInt(type.bits - 1)) : 0n;
  const high = (1n << BigInt(type.signed && !anySign ? type.bits - 1 : type.bits)) - 1n;
  return `it goes from ${low} to ${high}`;
}
