import { int64, type ScalarType, uint32 } from '../../program/index.js';

/** What a name stands for: a register, and how much of it. */
export interface RegisterPart {
  /** Of the whole, in small letters. */
  readonly name: string;
  readonly bits: 64 | 32 | 16 | 8;
}

const letteredNames = ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp'];

const partsByName: ReadonlyMap<string, RegisterPart> = new Map(
  [
    ...letteredNames.map((word) => [`r${word}`, `e${word}`, word, `${word.replace('x', '')}l`]),
    ...Array.from({ length: 8 }, (_, index) => `r${index + 8}`).map((word) => [
      word,
      `${word}d`,
      `${word}w`,
      `${word}b`,
    ]),
  ].flatMap(([whole, ...less]) =>
    [whole, ...less].map((word, index) => [word, { name: whole, bits: ([64, 32, 16, 8] as const)[index] }]),
  ),
);

/** The register that a word names, in large letters or small, without `%`; undefined when it names none. */
export function registerPart(word: string): RegisterPart | undefined {
  return partsByName.get(word.toLowerCase());
}

/**
 * What instructions of a size work on. A register that is written to half of is 0 above, so that halves are
 * without a sign.
 */
export function typeOfBits(bits: 64 | 32): ScalarType {
  return bits === 64 ? int64 : uint32;
}
