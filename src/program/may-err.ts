import { type Expression, evaluate, forEachRegister } from './expressions.js';
import type { RegisterId } from './ids.js';
import { mayBeAddress, mayFail, operandsOf } from './operands.js';
import { type Code, type Instruction, managesMemory, type Program, type Thread } from './program.js';
import { isPointer, type Value } from './values.js';

/**
 * Whether executions of a program may be in error, as far as its text alone tells: where each access is to a location that the text names, each
 * operation has a result, and no thread waits for another, none is.
 */
export function mayErr(program: Program): boolean {
  if (managesMemory(program)) return true;
  const cells = new Set(program.cells.map(({ symbol, offset }) => `${symbol}+${offset}`));
  const isCell = (value: Value | undefined): boolean =>
    value !== undefined &&
    isPointer(value) &&
    (program.flatMemory || cells.has(`${value.symbol}+${value.offset}`));
  const codes = [
    ...program.threads.map(({ code, initial }) => ({ code, initial })),
    ...program.functions.map((code) => ({ code, initial: undefined })),
  ];
  return codes.some(({ code, initial }) => {
    const held = unchanged(code, initial);
    return code.instructions.some((instruction) => instructionMayErr(instruction, held, isCell));
  });
}

/** Whether memory may come to hold an address: one is there at first, or may be stored by a thread that has loaded none. */
export function mayStoreAddresses(program: Program): boolean {
  return (
    program.cells.some(({ initial }) => isPointer(initial)) ||
    program.threads.some(({ code, initial }) => {
      const pointers = [...initial].flatMap(([register, value]) => (isPointer(value) ? [register] : []));
      return storesAddress(code, pointers);
    }) ||
    program.functions.some((code) => storesAddress(code, []))
  );
}

/** @param pointers the registers that hold addresses at first */
function storesAddress({ instructions }: Code, pointers: readonly RegisterId[]): boolean {
  const held = new Set(pointers);
  const mayBe = (value: Expression | undefined): boolean =>
    value !== undefined && mayBeAddress(value, (register) => held.has(register));
  for (let before = -1; before < held.size; ) {
    before = held.size;
    for (const one of instructions) if (one.kind === 'assign' && mayBe(one.value)) held.add(one.target);
  }
  return instructions.some((one) => one.kind === 'allocate' || handsOn(one).some(mayBe));
}

/** What an instruction gives to memory, or to other code. */
function handsOn(instruction: Instruction): readonly (Expression | undefined)[] {
  switch (instruction.kind) {
    case 'store':
    case 'store-conditional':
    case 'return':
      return [instruction.value];
    case 'rmw':
      return [instruction.update];
    case 'call':
      return instruction.args;
    default:
      return [];
  }
}

/** What registers hold wherever they are used: that is known of those of a thread that no instruction changes. */
type Held = (register: RegisterId) => Value | undefined;

function unchanged({ instructions }: Code, initial: Thread['initial'] | undefined): Held {
  const changed = new Set(instructions.flatMap((i) => ('target' in i ? [i.target] : givenBy(i))));
  return (register) => (!initial || changed.has(register) ? undefined : (initial.get(register) ?? 0n));
}

/** The register that an event of a lock gives its result to. */
function givenBy(instruction: Instruction): RegisterId[] {
  return instruction.kind === 'fence' && instruction.gives ? [instruction.gives.target] : [];
}

function instructionMayErr(
  instruction: Instruction,
  held: Held,
  isCell: (value: Value | undefined) => boolean,
): boolean {
  const operands = instruction.kind === 'rmw' ? [instruction.update] : operandsOf(instruction);
  if (operands.some((operand) => mayFail(operand, (register) => isPointer(held(register) ?? ANY))))
    return true;
  switch (instruction.kind) {
    case 'load':
    case 'store':
    case 'store-conditional':
      return !isCell(known(instruction.address, held));
    case 'rmw':
      return instruction.blocks === true || !isCell(known(instruction.address, held));
    case 'fence':
      return instruction.about !== undefined && !isCell(known(instruction.about, held));
    case 'call':
      return instruction.callee.kind !== 'constant';
    case 'region':
    case 'await':
      return true;
    default:
      return false;
  }
}

/** Stands for a value of which nothing is known: it may be an address. */
const ANY: Value = { symbol: '(any)', offset: 0 };

function known(expression: Expression, held: Held): Value | undefined {
  let isKnown = true;
  forEachRegister(expression, (register) => {
    isKnown &&= held(register) !== undefined;
  });
  return isKnown ? evaluate(expression, (register) => held(register) as Value) : undefined;
}
