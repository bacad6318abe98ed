import {
  type Code,
  type Expression,
  type Instruction,
  isPointer,
  type ScalarType,
  type Value,
} from '../../src/program/index.js';

/**
 * Code as text that a test can be read against: one instruction a line, branch targets as line numbers from
 * 0.
 */
export function showCode(code: Code): string[] {
  return code.instructions.map((instruction) => show(code, instruction));
}

export function showValue(value: Value): string {
  if (!isPointer(value)) return String(value);
  return value.offset === 0 ? `&${value.symbol}` : `&${value.symbol}+${value.offset}`;
}

export const showScalar = ({ bits, signed }: ScalarType): string => `${signed ? 's' : 'u'}${bits}`;

function show(code: Code, instruction: Instruction): string {
  const name = (register: number): string => code.registers[register];
  const text = (expression: Expression): string => showExpression(code, expression);
  const list = (expressions: readonly Expression[]): string => expressions.map(text).join(', ');
  const into = (target: number | undefined): string => (target === undefined ? '' : `${name(target)} = `);
  switch (instruction.kind) {
    case 'assign':
      return `${into(instruction.target)}${text(instruction.value)}`;
    case 'region':
      return instruction.change;
    case 'load': {
      const { target, type, address, tags } = instruction;
      return `${into(target)}load ${showScalar(type)} ${text(address)} ${tags.join(' ')}`;
    }
    case 'store': {
      const { type, address, value, tags } = instruction;
      return `store ${showScalar(type)} ${text(address)} <- ${text(value)} ${tags.join(' ')}`;
    }
    case 'rmw': {
      const { target, type, address, condition, update, blocks, fails } = instruction;
      const when = condition ? ` ${blocks ? 'when' : fails ? 'unless' : 'if'} ${text(condition)}` : '';
      return `${into(target)}rmw ${showScalar(type)} ${text(address)} <- ${text(update)}${when}`;
    }
    case 'store-conditional':
      return 'store-conditional';
    case 'fence': {
      const { tags, about, gives } = instruction;
      const given = gives ? `${into(gives.target)}${gives.value} of ` : '';
      return `${given}fence ${tags.join(' ')}${about ? ` ${text(about)}` : ''}`;
    }
    case 'allocate':
      return `${into(instruction.target)}allocate ${instruction.objects.flat().join(' ')}`;
    case 'free':
      return `free ${text(instruction.address)} ${instruction.tags.join(' ')}`;
    case 'branch':
      return `if ${instruction.free ? 'free' : text(instruction.condition)} goto ${instruction.goto}`;
    case 'await':
      return `await ${text(instruction.condition)}`;
    case 'jump':
      return `goto ${instruction.goto}`;
    case 'call':
      return `${into(instruction.target)}call ${text(instruction.callee)}(${list(instruction.args)})`;
    case 'return':
      return instruction.value ? `return ${text(instruction.value)}` : 'return';
    case 'primitive': {
      const { target, name: called, type, op, args, tags } = instruction;
      return `${into(target)}${called}${tags ? `{${tags}}` : ''} ${showScalar(type)}${op ? ` ${op}` : ''} (${list(args)})`;
    }
  }
}

function showExpression(code: Code, expression: Expression): string {
  const text = (part: Expression): string => showExpression(code, part);
  switch (expression.kind) {
    case 'constant':
      return showValue(expression.value);
    case 'register':
      return code.registers[expression.register];
    case 'unary':
      return `${expression.op}${text(expression.operand)}`;
    case 'binary':
      return `(${text(expression.left)} ${expression.op} ${text(expression.right)})`;
    case 'wrap':
      return `${showScalar(expression.type)}(${text(expression.operand)})`;
    case 'select':
      return `(${text(expression.condition)} ? ${text(expression.then)} : ${text(expression.otherwise)})`;
  }
}
