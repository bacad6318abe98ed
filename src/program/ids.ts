declare const brand: unique symbol;

/** A thread's place in `Program.threads`, from 0. */
export type ThreadId = number & { readonly [brand]: 'thread' };
/** A register's place in `Code.registers`, from 0. */
export type RegisterId = number & { readonly [brand]: 'register' };
/** A memory cell's place in `Program.cells`, from 0. One cell is one location of the memory model. */
export type CellId = number & { readonly [brand]: 'cell' };

export const threadId = (index: number) => index as ThreadId;
export const registerId = (index: number) => index as RegisterId;
export const cellId = (index: number) => index as CellId;
