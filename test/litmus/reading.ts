import { Source, SourceError } from '../../src/diagnostics.js';
import { type LitmusTest, parseLitmus } from '../../src/litmus/index.js';
import {
  type Code,
  evaluate,
  isPointer,
  type RegisterId,
  type Value,
  wrap,
} from '../../src/program/index.js';

export const read = (text: string): LitmusTest => parseLitmus(new Source('t.litmus', text));

/** A test of one thread, its instructions one a line. */
export const single = (
  dialect: 'X86' | 'X86_64' | 'Alpha',
  lines: readonly string[],
  init = '',
  question = 'exists (true)',
): string => `${dialect} t\n{ ${init} }\nP0 ;\n${lines.map((line) => `${line} ;`).join('\n')}\n${question}\n`;

export const codeOf = (text: string): Code => read(text).program.threads[0].code;

/** The first line of the message that a text is refused with, without the file's name. */
export function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof SourceError) return error.message.split('\n')[0].replace(/^t\.litmus:/, '');
    throw error;
  }
  return 'accepted';
}

/** Anything without the places in the text, and with numbers that can be compared as JSON. */
export function bare(tree: unknown): unknown {
  const kept = JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'span' || key === 'source' || key === 'notes') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
  return JSON.parse(kept);
}

/** What a thread's registers and the memory hold after it ran alone. */
export interface Outcome {
  register(name: string): Value | undefined;
  memory(symbol: string, offset?: number): Value | undefined;
}

/** Runs the only thread of a test from start to end. */
export function runAlone({ program }: LitmusTest): Outcome {
  const { code, initial } = program.threads[0];
  const registers = new Map<number, Value>(initial);
  const cells = new Map(
    program.cells.map(({ symbol, offset, initial: value }) => [`${symbol}+${offset}`, value]),
  );
  const value = (register: RegisterId): Value => registers.get(register) ?? 0n;
  let reserved = '';
  for (let at = 0, steps = 0; at < code.instructions.length; steps++) {
    if (steps > 1000) throw new Error('the thread does not end');
    const instruction = code.instructions[at++];
    const place = 'address' in instruction ? key(evaluate(instruction.address, value)) : '';
    switch (instruction.kind) {
      case 'assign':
        registers.set(instruction.target, evaluate(instruction.value, value));
        break;
      case 'load':
        registers.set(instruction.target, wrap(cells.get(place) ?? 0n, instruction.type));
        if (instruction.locked) reserved = place;
        break;
      case 'store':
        cells.set(place, wrap(evaluate(instruction.value, value), instruction.type));
        break;
      case 'rmw':
        registers.set(instruction.target, wrap(cells.get(place) ?? 0n, instruction.type));
        cells.set(place, wrap(evaluate(instruction.update, value), instruction.type));
        break;
      case 'store-conditional':
        if (reserved === place) cells.set(place, evaluate(instruction.value, value));
        registers.set(instruction.target, reserved === place ? 1n : 0n);
        reserved = '';
        break;
      case 'branch':
        if (evaluate(instruction.condition, value) !== 0n) at = instruction.goto;
        break;
      case 'jump':
        at = instruction.goto;
        break;
      case 'fence':
        break;
      default:
        throw new Error(`${instruction.kind} does not occur in assembly`);
    }
  }
  return {
    register: (name) => value(code.registers.indexOf(name) as RegisterId),
    memory: (symbol, offset = 0) => cells.get(`${symbol}+${offset}`),
  };
}

function key(address: Value): string {
  if (!isPointer(address)) throw new Error(`${address} is no address`);
  return `${address.symbol}+${address.offset}`;
}
