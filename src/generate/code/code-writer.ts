import type { Dependency, Update } from '../access-words.js';
import type { CycleAccess } from '../cycle-program.js';

/** What an access waits for: the register that a read of its thread has left. */
export interface Wait {
  readonly register: string;
  readonly read: CycleAccess;
  readonly dependency: Dependency;
}

/** An access as code has to have it. */
export interface Task {
  readonly access: CycleAccess;
  /** Of the read of a read-modify-write: what it is, and the write. */
  readonly update?: { readonly kind: Update; readonly write: CycleAccess };
  readonly wait?: Wait;
}

/** Writes the code of a thread, an access after the other. */
export interface ThreadWriter {
  /** @returns the register that has what is read; undefined where none has */
  access(task: Task): string | undefined;
  fence(name: string): void;
  /** A read of a location, to be asked about at the end. */
  observe(location: number): string;
  finish(): ThreadCode;
}

export interface ThreadCode {
  readonly lines: readonly string[];
  /** Registers with the address of a location. */
  readonly addresses: readonly (readonly [register: string, location: number])[];
}
