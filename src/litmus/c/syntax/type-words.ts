import { int32, int64, type ScalarType, uint32, uint64 } from '../../../program/index.js';

const int8: ScalarType = { bits: 8, signed: true };
const uint8: ScalarType = { bits: 8, signed: false };
const int16: ScalarType = { bits: 16, signed: true };
const uint16: ScalarType = { bits: 16, signed: false };
const boolean: ScalarType = { bits: 1, signed: false };

/** Words that combine into one type: `unsigned long int`. */
const baseWords = new Set(['char', 'short', 'int', 'long', 'signed', '__signed__', 'unsigned']);

export const isBaseWord = (word: string): boolean => baseWords.has(word);

/**
 * The usual spelling of a combination of base words (`long unsigned int` is `unsigned long`), if there is
 * such a type.
 */
export function normalizeTypeWords(words: readonly string[]): string | undefined {
  const count = (...names: string[]): number => words.filter((word) => names.includes(word)).length;
  const [unsigned, signed, longs] = [count('unsigned'), count('signed', '__signed__'), count('long')];
  const [char, short, int] = [count('char'), count('short'), count('int')];
  if (words.length === 0 || !words.every(isBaseWord)) return undefined;
  if (unsigned + signed > 1 || longs > 2 || char + short > 1 || int > 1) return undefined;
  if ((char > 0 && int > 0) || (longs > 0 && char + short > 0)) return undefined;
  const base = char ? 'char' : short ? 'short' : longs === 2 ? 'long long' : longs === 1 ? 'long' : 'int';
  if (unsigned) return `unsigned ${base}`;
  return signed && char ? 'signed char' : base;
}

/**
 * The scalar types that need no declaration. The atomic types and the locks of the kernel are structures of
 * one counter there; a litmus test uses them as that counter.
 */
export const builtinScalars: Readonly<Record<string, ScalarType>> = {
  _Bool: boolean,
  bool: boolean,
  char: int8,
  'signed char': int8,
  'unsigned char': uint8,
  short: int16,
  'unsigned short': uint16,
  int: int32,
  'unsigned int': uint32,
  long: int64,
  'unsigned long': uint64,
  'long long': int64,
  'unsigned long long': uint64,
  int8_t: int8,
  uint8_t: uint8,
  int16_t: int16,
  uint16_t: uint16,
  int32_t: int32,
  uint32_t: uint32,
  int64_t: int64,
  uint64_t: uint64,
  intptr_t: int64,
  uintptr_t: uint64,
  size_t: uint64,
  ssize_t: int64,
  ptrdiff_t: int64,
  s8: int8,
  u8: uint8,
  s16: int16,
  u16: uint16,
  s32: int32,
  u32: uint32,
  s64: int64,
  u64: uint64,
  __s8: int8,
  __u8: uint8,
  __s16: int16,
  __u16: uint16,
  __s32: int32,
  __u32: uint32,
  __s64: int64,
  __u64: uint64,
  uint: uint32,
  ulong: uint64,
  gfp_t: uint32,
  pid_t: int32,
  atomic_t: int32,
  atomic_int: int32,
  atomic64_t: int64,
  atomic_long_t: int64,
  spinlock_t: int32,
  raw_spinlock_t: int32,
  rwlock_t: int32,
};

/** Words that begin a type in every program; typedefs add to them. */
export const builtinTypeNames: readonly string[] = [
  'void',
  ...baseWords,
  ...Object.keys(builtinScalars).filter((name) => !name.includes(' ')),
];

/** Whether a word is part of the name of a type that needs no declaration. */
export function isTypeWord(word: string): boolean {
  return word === 'void' || isBaseWord(word) || Object.hasOwn(builtinScalars, word);
}
