import { raise } from '../../diagnostics.js';
import {
  type Instruction,
  isPointer,
  type RegisterId,
  type ScalarType,
  type Thread,
  threadId,
  type Value,
} from '../../program/index.js';
import type { InitEntry, LoweredBody } from '../frame/litmus-syntax.js';
import { held, ofBits } from '../reading/constants.js';
import { AssemblyCells } from './assembly-cells.js';
import { symbolsOf, ThreadBuilder } from './assembly-code.js';
import type { AssemblyBody, AssemblyInstruction } from './assembly-syntax.js';

/** What the common part of lowering must know of a dialect. */
export interface AssemblyDialect {
  /** The name that is printed for a register; undefined when there is no such register. */
  registerName(name: string): string | undefined;
  /** Names that are most likely meant for registers, though there are none of these names. */
  readonly otherRegisters: RegExp;
  readonly registerType: ScalarType;
  /** The type of a variable that is declared with a type, or without one. */
  declaredType(type: string | undefined): ScalarType;
  /** Whether the instruction's name operand is a label. */
  isBranch(mnemonic: string): boolean;
  /** A function that lowers the instructions of one thread. */
  lowering(
    code: ThreadBuilder,
    lines: readonly AssemblyInstruction[],
  ): (instruction: AssemblyInstruction) => void;
  /** First values of the dialect's own registers. */
  readonly temporaries?: Readonly<Record<string, Value>>;
  /** Whether the type that a variable is declared with goes before what accesses show. @default false */
  readonly declarationsHold?: boolean;
  /** The type of each variable as far as the accesses show it; may refuse what is not supported. */
  accessTypes?(threads: readonly Thread[]): (symbol: string) => ScalarType | undefined;
}

/**
 * Makes a program's parts from a table of instructions.
 * @throws SourceError
 */
export function lowerAssembly(
  body: AssemblyBody,
  init: readonly InitEntry[],
  dialect: AssemblyDialect,
): LoweredBody {
  const cells = new AssemblyCells(init, (type) => dialect.declaredType(type));
  for (const [symbol, span] of symbolsOf(body, dialect.isBranch)) {
    if (dialect.otherRegisters.test(symbol) && !init.some(({ place }) => isVariable(place, symbol)))
      raise(
        `there is no register \`${symbol}\`; a variable of that name has to stand in the init section`,
        span,
      );
    mentionUnlessArray(cells, symbol, span);
  }
  const builders = body.threads.map((lines, number) => {
    const code = new ThreadBuilder(`P${number}`, lines, body.span);
    const instructions = lines.filter((line) => line.kind === 'instruction');
    code.build(dialect.lowering(code, instructions));
    return code;
  });
  const initial = initialRegisters(builders, init, cells, dialect);
  const threads = builders.map(
    (code, number): Thread => ({
      id: threadId(number),
      name: code.name,
      initial: initial[number],
      code: code.finish(),
    }),
  );
  const typeOf = dialect.accessTypes?.(threads) ?? (() => undefined);
  const made = cells.cells(typeOf, dialect.declarationsHold);
  return {
    threads,
    functions: [],
    cells: made,
    flatMemory: true,
    warnings: [],
    register: (thread, name) => {
      const canonical = dialect.registerName(name);
      return canonical === undefined ? undefined : builders[thread]?.known(canonical);
    },
    cell: (place) => cells.index(place),
    registerName: (name) => dialect.registerName(name),
    numbers: (place) => {
      if (place.kind === 'register') return [ofBits('a register', dialect.registerType)];
      const cell = cells.index(place);
      return cell === undefined ? [] : [ofBits('a location', made[cell].type)];
    },
  };
}

function isVariable(place: InitEntry['place'], symbol: string): boolean {
  return place.kind === 'memory' && place.symbol === symbol;
}

function mentionUnlessArray(cells: AssemblyCells, symbol: string, span: InitEntry['span']): void {
  // An array is there through its declaration; its name alone is the address of its first element.
  const first = { kind: 'memory' as const, symbol, path: [0], span };
  if (cells.index(first) === undefined) cells.mention({ ...first, path: [] });
}

function initialRegisters(
  builders: readonly ThreadBuilder[],
  init: readonly InitEntry[],
  cells: AssemblyCells,
  dialect: AssemblyDialect,
): Map<RegisterId, Value>[] {
  const initial = builders.map((code) => {
    const values = new Map<RegisterId, Value>();
    for (const [name, value] of Object.entries(dialect.temporaries ?? {})) {
      const register = code.known(`%${name}`);
      if (register !== undefined) values.set(register, value);
    }
    return values;
  });
  for (const { place, value } of init) {
    if (place.kind === 'memory') continue;
    const code = builders[place.thread];
    if (!code) raise(`there is no thread ${place.thread}`, place.span);
    const name = dialect.registerName(place.name);
    if (name === undefined) raise(`there is no register \`${place.name}\``, place.span);
    const first = value ? plain(cells.scalar(value)) : 0n;
    const kinds = [ofBits('a register', dialect.registerType)];
    const fitting = value && !isPointer(first) ? held(first, kinds, value.span) : first;
    initial[place.thread].set(code.register(name), fitting);
  }
  return initial;
}

const plain = (value: Value): Value =>
  isPointer(value) ? { symbol: value.symbol, offset: value.offset } : value;

/**
 * The variable that an access is about, where the text shows it: a constant, or a register that is never
 * written.
 */
export function accessedSymbol(
  instruction: Instruction,
  thread: Thread,
  written: ReadonlySet<RegisterId>,
): string | undefined {
  if (!('address' in instruction)) return undefined;
  let { address } = instruction;
  if (address.kind === 'binary' && address.right.kind === 'constant') address = address.left;
  const value =
    address.kind === 'constant'
      ? address.value
      : address.kind === 'register' && !written.has(address.register)
        ? thread.initial.get(address.register)
        : undefined;
  return value !== undefined && isPointer(value) ? value.symbol : undefined;
}

/** Registers that the thread's code writes. */
export function writtenRegisters({ code }: Thread): Set<RegisterId> {
  const written = new Set<RegisterId>();
  for (const instruction of code.instructions) {
    if ('target' in instruction && instruction.target !== undefined) written.add(instruction.target);
  }
  return written;
}
