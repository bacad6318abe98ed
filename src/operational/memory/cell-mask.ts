/** A set of locations: a bit for each, the last bit for all from the 32nd on. */
export type CellMask = number;

/** The bit that locations share; they have no bit of their own. */
export const SHARED_BIT = 31;
export const ALL_CELLS: CellMask = -1;

export const maskOf = (cell: number): CellMask => 1 << Math.min(cell, SHARED_BIT);
