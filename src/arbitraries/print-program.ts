import {
  type Code,
  type Expression,
  type Instruction,
  isPointer,
  type Observable,
  type Program,
  type Proposition,
  type Value,
} from '../program/index.js';

/** A program as text, for messages: one instruction a line, with its number. */
export function printProgram({ cells, threads }: Program): string {
  const initial = cells.map(({ name, type, initial: value }) => {
    return `${name}:${type.signed ? 'i' : 'u'}${type.bits}=${show(value)}`;
  });
  const code = threads.map(({ name, code: { instructions, controlScope }, interrupt, code }) => {
    const handler = interrupt ? ` (${interrupt.kind} on P${interrupt.on})` : '';
    const lines = instructions.map((instruction, at) => `  ${at}: ${printInstruction(instruction, code)}`);
    return [`${name}${handler}, control to ${controlScope}:`, ...lines].join('\n');
  });
  return [`{ ${initial.join('; ')} }`, ...code].join('\n');
}

/** A statement about a final state as text. */
export function printProposition(program: Program, proposition: Proposition): string {
  const print = (part: Proposition): string => printProposition(program, part);
  const name = (o: Observable): string =>
    o.kind === 'cell'
      ? `[${program.cells[o.cell].name}]`
      : `${o.thread}:${program.threads[o.thread].code.registers[o.register]}`;
  switch (proposition.kind) {
    case 'true':
      return 'true';
    case 'equals': {
      const { left, right } = proposition;
      return `${name(left)}=${typeof right === 'object' && 'kind' in right ? name(right) : show(right)}`;
    }
    case 'not':
      return `~(${print(proposition.operand)})`;
    default: {
      const word = { and: '/\\', or: '\\/', implies: '=>' }[proposition.kind];
      return `(${print(proposition.left)} ${word} ${print(proposition.right)})`;
    }
  }
}

function printInstruction(instruction: Instruction, { registers }: Code): string {
  const print = (expression: Expression): string => printExpression(expression, registers);
  const target = (): string =>
    'target' in instruction && instruction.target !== undefined ? registers[instruction.target] : '_';
  switch (instruction.kind) {
    case 'assign':
      return `${target()} = ${print(instruction.value)}`;
    case 'load':
      return `${target()} = ${instruction.locked ? 'load-locked' : 'load'} [${print(instruction.address)}]`;
    case 'store':
      return `store [${print(instruction.address)}] = ${print(instruction.value)}`;
    case 'rmw': {
      const condition = instruction.condition ? ` if ${print(instruction.condition)}` : '';
      return `${target()} = rmw [${print(instruction.address)}] = ${print(instruction.update)}${condition}`;
    }
    case 'store-conditional':
      return `${target()} = store-conditional [${print(instruction.address)}] = ${print(instruction.value)}`;
    case 'fence':
      return `fence ${instruction.tags.join(',')}`;
    case 'allocate':
      return `${target()} = allocate ${instruction.objects.flat().join(' ')}`;
    case 'free':
      return `free [${print(instruction.address)}]`;
    case 'region':
      return instruction.change;
    case 'branch':
      return `if ${print(instruction.condition)} goto ${instruction.goto}`;
    case 'await':
      return `await ${print(instruction.condition)}`;
    case 'jump':
      return `goto ${instruction.goto}`;
    default:
      return instruction.kind;
  }
}

function printExpression(expression: Expression, registers: readonly string[]): string {
  const print = (part: Expression): string => printExpression(part, registers);
  switch (expression.kind) {
    case 'constant':
      return show(expression.value);
    case 'register':
      return registers[expression.register];
    case 'unary':
      return `${expression.op}${print(expression.operand)}`;
    case 'binary':
      return `(${print(expression.left)} ${expression.op} ${print(expression.right)})`;
    case 'wrap':
      return `${expression.type.signed ? 'i' : 'u'}${expression.type.bits}(${print(expression.operand)})`;
    case 'select':
      return `(${print(expression.condition)} ? ${print(expression.then)} : ${print(expression.otherwise)})`;
  }
}

function show(value: Value): string {
  if (!isPointer(value)) return String(value);
  return `&${value.symbol}${value.offset === 0 ? '' : `+${value.offset}`}`;
}
