import type { Cell, Liveness, Symbolic, Thread, Value } from '../../program/index.js';
import { type CpuView, isNamed, showValue, statusOf, type ThreadView } from '../machine/view.js';
import { describeGrace } from '../memory/grace-periods.js';
import { placeOf } from './front.js';
import type { Move } from './moves.js';
import { type Context, type CpuState, type Frame, type Pending, slotAt } from './window-state.js';

/** What the words for a CPU's states and moves need to know. */
export interface AlphaWords {
  readonly cpu: number;
  readonly cells: readonly Cell[];
  /** Those of the CPU, by place. */
  readonly threads: readonly Thread[];
  readonly liveness: Liveness;
}

/**
 * A move in words, before it is made.
 * @param found what memory holds where the move goes
 */
export function describeMove(
  words: AlphaWords,
  state: CpuState,
  move: Move,
  found: Value | undefined,
): string {
  const { cpu, cells, threads } = words;
  const who = `CPU${cpu}${isAtFront(move) ? inside(words, state) : ''}`;
  const name = 'cell' in move ? cells[move.cell].name : '';
  switch (move.kind) {
    case 'read':
    case 'load':
      return `${who} ${describeLoad(words, move, name, found)}`;
    case 'postpone':
      return `${who} issues a load of ${name} that waits`;
    case 'store':
      return `the store ${name} = ${showValue(move.value, cells)} of ${who} takes effect in memory`;
    case 'predict':
      return `${who} goes on as if its waiting load ${move.slot} returned ${showValue(move.value, cells)}`;
    case 'conditional':
      return move.success
        ? `${who} issues the conditional store to ${name}, which is to succeed`
        : `${who} fails to store to ${name} conditionally`;
    case 'grace':
      return `${who} ${describeGrace(move.ends)}`;
    case 'enter':
      return `${who} enters the handler ${threads[move.place].name}`;
    case 'decline':
      return `${who} is not interrupted in ${threads[placeOf(state)].name} here`;
  }
}

/** Whether a move is made by the code that the CPU is in. */
function isAtFront({ kind }: Move): boolean {
  return kind === 'read' || kind === 'postpone' || kind === 'conditional' || kind === 'grace';
}

/** Where a CPU is that is in a handler: the innermost function, or the handler itself. */
function inside({ threads }: AlphaWords, state: CpuState): string {
  const place = placeOf(state);
  const { frames } = state.contexts[place];
  if (place === 0) return '';
  return ` in ${frames.length > 1 ? frames[frames.length - 1].code.name : threads[place].name}`;
}

function describeLoad(
  { cells }: AlphaWords,
  move: Move & { kind: 'read' | 'load' },
  name: string,
  found: Value | undefined,
): string {
  const late = move.kind === 'load' ? `, with its waiting load ${move.slot}` : '';
  const value = move.source ? showContent(move.source.value, cells) : showValue(found as Value, cells);
  return `loads ${name} = ${value} from ${move.source ? 'its own store that waits' : 'memory'}${late}`;
}

/** A CPU's state, as a person reads it. */
export function viewOfCpu(words: AlphaWords, state: CpuState): CpuView {
  return {
    name: `CPU${words.cpu}`,
    threads: words.threads.map((thread, place) => ({
      thread: thread.id,
      name: thread.name,
      status: statusOf(place, state.contexts[place].ended, state.active, state.ran),
      ...placeIn(words, state.contexts[place]),
    })),
    parts: [
      {
        name: 'window',
        entries: state.window.map((entry, at) => showPending(words, entry, slotAt(state.window, at))),
      },
    ],
  };
}

function placeIn(
  words: AlphaWords,
  { frames, ended }: Context,
): Pick<ThreadView, 'functions' | 'next' | 'registers'> {
  const frame = frames[frames.length - 1];
  const { span } = { span: undefined, ...frame.code.instructions[frame.pc] };
  return {
    functions: frames.slice(1).map(({ code }) => code.name),
    ...(span && !ended ? { next: span } : {}),
    registers: registersOf(words, frame),
  };
}

function registersOf(
  { cells, liveness }: AlphaWords,
  { code, pc, registers }: Frame,
): ThreadView['registers'] {
  const live = liveness.at(code, pc);
  return code.registers.flatMap((name, register) =>
    live[register] && isNamed(name) ? [{ name, value: showContent(registers[register].value, cells) }] : [],
  );
}

function showPending({ cells }: AlphaWords, entry: Pending, slot: number): string {
  switch (entry.kind) {
    case 'load':
      return `load ${slot} of ${cells[entry.cell].name}`;
    case 'store':
      return `store ${cells[entry.cell].name} = ${showContent(entry.value, cells)}`;
    case 'barrier':
      return entry.name;
  }
}

function showContent(value: Symbolic, cells: readonly Cell[]): string {
  return value.kind === 'constant' ? showValue(value.value, cells) : 'what is not known yet';
}
