import { raise } from '../../diagnostics.js';
import {
  type Cell,
  type Code,
  type Expression,
  evaluate,
  type Instruction,
  isJunk,
  isPointer,
  isTrue,
  mixedSize,
  type RegisterId,
  type Value,
} from '../../program/index.js';

/**
 * What the registers of a thread's own code hold at first; undefined for a function, whose caller decides
 * that.
 */
type Initial = ReadonlyMap<RegisterId, Value> | undefined;
type Constants = ReadonlyMap<RegisterId, Value>;

/**
 * Refuses accesses that take another size than the location has that they touch, as far as the text shows
 * which that is. Where it does not, an execution that comes there is in error.
 * @throws SourceError
 */
export function checkSizes(code: Code, initial: Initial, cells: ReadonlyMap<string, readonly Cell[]>): void {
  const constants = constantsOf(code, initial);
  for (const pc of reached(code)) {
    const instruction = code.instructions[pc];
    const address = accessed(instruction);
    const at = address && constantIn(address, constants);
    if (at === undefined || !isPointer(at) || !('type' in instruction)) continue;
    const reason = mixedSize(cells.get(at.symbol) ?? [], at, instruction.type);
    if (reason && instruction.span) raise(reason, instruction.span);
  }
}

/** The locations of each object. */
export function bySymbol(cells: readonly Cell[]): ReadonlyMap<string, readonly Cell[]> {
  const found = new Map<string, Cell[]>();
  for (const cell of cells) {
    const others = found.get(cell.symbol);
    if (others) others.push(cell);
    else found.set(cell.symbol, [cell]);
  }
  return found;
}

function accessed(instruction: Instruction): Expression | undefined {
  if (instruction.kind === 'primitive') return instruction.args.at(0);
  return instruction.kind !== 'free' && 'address' in instruction ? instruction.address : undefined;
}

/**
 * The instructions that control can come to: as `if (sizeof(x) == 1)` has it, a constant decides a branch.
 */
function reached({ instructions }: Code): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = [0];
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    const instruction = instructions.at(pc);
    if (pc >= instructions.length || instruction === undefined || seen.has(pc)) continue;
    seen.add(pc);
    const { kind } = instruction;
    if (kind === 'branch' || kind === 'jump') {
      const truth = kind === 'jump' ? true : truthOf(instruction.condition);
      if (truth !== false) pending.push(instruction.goto);
      if (truth === true) continue;
    }
    if (kind !== 'return') pending.push(pc + 1);
  }
  return seen;
}

function truthOf(condition: Expression): boolean | undefined {
  return condition.kind === 'constant' ? isTrue(condition.value) : undefined;
}

/** What registers hold that are set once, or never, as far as that is a constant. */
function constantsOf({ instructions, registers }: Code, initial: Initial): Constants {
  const writes = registers.map(() => 0);
  for (const instruction of instructions)
    if ('target' in instruction && instruction.target !== undefined) writes[instruction.target]++;
  const constants = new Map<RegisterId, Value>();
  writes.forEach((count, index) => {
    const register = index as RegisterId;
    if (count === 0 && initial) constants.set(register, initial.get(register) ?? 0n);
  });
  for (const instruction of instructions) {
    if (instruction.kind !== 'assign' || writes[instruction.target] > 1) continue;
    const value = constantIn(instruction.value, constants);
    if (value !== undefined) constants.set(instruction.target, value);
  }
  return constants;
}

class NotKnown extends Error {}

function constantIn(expression: Expression, constants: Constants): Value | undefined {
  try {
    const found = evaluate(expression, (register) => {
      const value = constants.get(register);
      if (value === undefined) throw new NotKnown();
      return value;
    });
    return isJunk(found) ? undefined : found;
  } catch (error) {
    if (error instanceof NotKnown) return undefined;
    throw error;
  }
}
