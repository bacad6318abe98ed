import type { LitmusTest } from '../litmus/index.js';
import {
  cellId,
  type Dialect,
  type Observable,
  type Program,
  type Proposition,
  type RegisterId,
  registerId,
  type Thread,
  type WholeArray,
} from '../program/index.js';
import { observableKey, observablesOf } from './proposition.js';

/** What final states show: places, and arrays as a whole. */
export type Shown = Observable | WholeArray;

/** What the condition and `locations` name, each once, in herd7's order. */
export function shownOf({ condition, locations, program }: LitmusTest): Shown[] {
  return inOrder([...namedIn(condition.proposition), ...locations], program);
}

/** The same with the elements of arrays in their place: what is looked at. */
export function observablesOfTest(test: LitmusTest): Observable[] {
  const single = shownOf(test).flatMap((one): Observable[] =>
    one.kind === 'array' ? one.cells.map((cell) => ({ kind: 'cell', cell })) : [one],
  );
  return inOrder(single, test.program);
}

function namedIn(part: Proposition): Shown[] {
  switch (part.kind) {
    case 'true':
      return [];
    case 'equals':
      return observablesOf(part);
    case 'not':
      return namedIn(part.operand);
    default:
      return part.written ? [part.written.array] : [...namedIn(part.left), ...namedIn(part.right)];
  }
}

/** Registers by thread; then variables by name, among them arrays as a whole; then elements of arrays. */
function inOrder<Item extends Shown>(shown: readonly Item[], program: Program): Item[] {
  const once = [...new Map(shown.map((one) => [keyOfShown(one), one])).values()];
  const { threads } = program;
  const place = (one: Shown): [rank: number, name: string] => {
    if (one.kind === 'register') return [one.thread, threads[one.thread].code.registers[one.register] ?? ''];
    if (one.kind === 'array') return [threads.length, one.name];
    const { name } = program.cells[one.cell];
    return [isElement(name) ? threads.length + 1 : threads.length, name];
  };
  const registers = registerOrder(program.dialect);
  return once.sort((left, right) => {
    const [[a, first], [b, second]] = [place(left), place(right)];
    if (a !== b) return a - b;
    return (a < threads.length ? registers : a > threads.length ? byNumber : byText)(first, second);
  });
}

function keyOfShown(one: Shown): string {
  return one.kind === 'array' ? one.name : observableKey(one);
}

/** Whether a location is written `a[1]`. */
export function isElement(name: string): boolean {
  return name.endsWith(']');
}

type Order = (a: string, b: string) => number;

const byText: Order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** `a[2]` before `a[10]`, `R2` before `R10`. */
const byNumber: Order = (a, b) => {
  const [[name, first], [other, second]] = [a, b].map((text) => /^(.*?)(\d*)\]?$/.exec(text)?.slice(1) ?? []);
  return byText(name, other) || Number(first) - Number(second);
};

const X86 = ['EAX', 'EBX', 'ECX', 'EDX', 'ESI', 'EDI', 'EBP', 'ESP'];

/** In assembly the order in which the machine numbers its registers; in C that of their names as text. */
function registerOrder(dialect: Dialect): Order {
  if (dialect === 'C') return byText;
  return dialect === 'X86' ? (a, b) => X86.indexOf(a) - X86.indexOf(b) : byNumber;
}

/**
 * A test that names nothing to look at, as if it listed all that its final states have; another test as it
 * is.
 */
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

/**
 * Those that the text of the program names and sets. What begins with `%`, or has it behind a name that
 * stands twice, is no such name.
 */
function registersOf({ code }: Thread): RegisterId[] {
  const set = new Set(code.instructions.flatMap((one) => ('target' in one ? [one.target] : [])));
  return code.registers.flatMap((name, index) => {
    const register = registerId(index);
    return name.includes('%') || !set.has(register) ? [] : [register];
  });
}
