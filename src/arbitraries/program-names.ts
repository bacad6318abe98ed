/** Names of the locations that hold integers, of the one that holds a pointer, and of the lock. */
export const CELLS = ['x', 'y', 'z', 'w'];
export const POINTER = 'p';
export const LOCK = 'l';
/** And of the structures of SRCU. */
export const STRUCTURES = ['s', 't'];
