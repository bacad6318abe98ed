import type { Cell, Program, Value } from '../../src/program/index.js';

/** There are more ways to go than the oracle can follow. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
}

/** The cells of a program, and at the end one that junk points to. */
export function cellsOf({ cells }: Program): readonly Cell[] {
  const junk: Value = { symbol: '(junk)', offset: 0 };
  return [...cells, { ...junk, name: 'junk', type: { bits: 64, signed: true }, initial: junk }];
}

/** The 16 bytes that a cell is in, as a name. */
export function blockOf(program: Program, cell: number): string {
  const { symbol, offset } = cellsOf(program)[cell];
  return `${symbol} ${offset - (((offset % 16) + 16) % 16)}`;
}
