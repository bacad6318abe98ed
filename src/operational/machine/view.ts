import type { Span } from '../../diagnostics.js';
import { type Cell, isPointer, JUNK, type ThreadId, type Value } from '../../program/index.js';

/** A machine's state as a person reads it. Everything in it is in a fixed order, so that two views can be laid side by side. */
export interface MachineView {
  /** What memory holds, by cell. */
  readonly memory: readonly Named[];
  readonly cpus: readonly CpuView[];
}

/** A CPU of a machine as a person reads it. */
export interface CpuView {
  /** `CPU0`. CPUs are numbered by the threads that are no handlers. */
  readonly name: string;
  /** Its own thread, then the handlers that interrupt it. */
  readonly threads: readonly ThreadView[];
  /** What it has between its instructions and memory: store buffers, caches, queues. The same parts in every state of a machine. */
  readonly parts: readonly PartView[];
}

/** A thread as a person reads it. */
export interface ThreadView {
  readonly thread: ThreadId;
  /** As in the program: `P0`. */
  readonly name: string;
  /** Whether its instructions are those that the CPU executes, a handler keeps it waiting, it is a handler not yet entered, or it is through. */
  readonly status: 'running' | 'interrupted' | 'due' | 'through';
  /** The functions that it is in, outermost first; empty in the thread's own code. */
  readonly functions: readonly string[];
  /** Where its next instruction that others can notice stands; undefined at its end, and where the text does not show it. */
  readonly next?: Span;
  /** The registers of the innermost code that can still matter, without the dialect's own temporaries. */
  readonly registers: readonly Named[];
}

/** A part of a CPU. Its entries are in words, the oldest first. */
export interface PartView {
  readonly name: string;
  readonly entries: readonly string[];
}

/** Something and its value, both as users write them. */
export interface Named {
  readonly name: string;
  readonly value: string;
}

/** A value as litmus files write it: a number, or the name of what an address points to. */
export function showValue(value: Value, cells: readonly Cell[]): string {
  if (!isPointer(value)) return String(value);
  if (value.offset === 0) return value.symbol;
  const cell = cells.find(({ symbol, offset }) => symbol === value.symbol && offset === value.offset);
  return cell ? cell.name : `${value.symbol}${value.offset > 0 ? '+' : ''}${value.offset}`;
}

/** What memory holds, but for what junk points to. */
export function memoryView(cells: readonly Cell[], value: (cell: number) => Value): Named[] {
  return cells.flatMap(({ name, symbol }, cell) =>
    symbol === JUNK.symbol ? [] : [{ name, value: showValue(value(cell), cells) }],
  );
}

/** Whether a register has a name that a user can write. */
export function isNamed(register: string): boolean {
  return !register.startsWith('%');
}

/** @param active the handlers that the CPU is in, by their places among its threads, the innermost last */
export function statusOf(
  place: number,
  ended: boolean,
  active: readonly number[],
  ran: number,
): ThreadView['status'] {
  if ((active.at(-1) ?? 0) === place) return ended && place === 0 ? 'through' : 'running';
  if (place === 0) return ended ? 'through' : 'interrupted';
  if (((ran >> place) & 1) === 0) return 'due';
  return active.includes(place) ? 'interrupted' : 'through';
}
