import { fullWord, wordsFor } from './kernels.js';

// What the public values check of their arguments; the kernels check nothing.

export function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 0) throw new RangeError(`size ${size} is not a number of events`);
}

export function checkEvent(event: number, size: number): void {
  if (Number.isInteger(event) && event >= 0 && event < size) return;
  throw new RangeError(`event ${event} is out of range for size ${size}`);
}

export function checkSameSize(size: number, other: number): void {
  if (size !== other) throw new RangeError(`sizes differ: ${size} and ${other}`);
}

/** That `rows` rows over n events lie in the arena at `offset`, without bits beyond n. */
export function checkArena(m: Int32Array, offset: number, rows: number, n: number): void {
  const w = wordsFor(n);
  if (!Number.isInteger(offset) || offset < 0 || offset + rows * w > m.length) {
    throw new RangeError(
      `${rows * w} words at offset ${offset} are not within an arena of ${m.length} words`,
    );
  }
  for (let row = 0; row < rows; row++) {
    const beyond = m[offset + row * w + w - 1] & ~fullWord(n, w - 1);
    if (beyond !== 0) throw new RangeError(`row ${row} at offset ${offset} has bits beyond its ${n} events`);
  }
}
