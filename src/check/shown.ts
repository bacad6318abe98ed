import type { LitmusTest } from '../litmus/index.js';
import { cellId, type Observable, type RegisterId, registerId, type Thread } from '../program/index.js';
import { observablesOf } from './proposition.js';

/** A test that names nothing to look at, as if it listed all that its final states have; another test as it is. */
export function withSomethingShown(test: LitmusTest): LitmusTest {
  const named = [...observablesOf(test.condition.proposition), ...test.locations];
  if (named.length > 0) return test;
  const { threads, cells } = test.program;
  const registers = threads.flatMap((thread) =>
    registersOf(thread).map((register): Observable => ({ kind: 'register', thread: thread.id, register })),
  );
  const locations = cells.map((_, cell): Observable => ({ kind: 'cell', cell: cellId(cell) }));
  return { ...test, locations: [...registers, ...locations] };
}

/** Those that the text of the program names and sets. What begins with `%`, or has it behind a name that stands twice, is no such name. */
function registersOf({ code }: Thread): RegisterId[] {
  const set = new Set(code.instructions.flatMap((one) => ('target' in one ? [one.target] : [])));
  return code.registers.flatMap((name, index) => {
    const register = registerId(index);
    return name.includes('%') || !set.has(register) ? [] : [register];
  });
}
