import type { Program } from '../../src/program/index.js';

/** There are more ways to go than the oracle can follow. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
}

/** The 16 bytes that a cell is in, as a name. */
export function blockOf(program: Program, cell: number): string {
  const { symbol, offset } = program.cells[cell];
  return `${symbol} ${offset - (((offset % 16) + 16) % 16)}`;
}
