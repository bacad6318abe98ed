import type { Fault } from './errors.js';
import type { Expression } from './expressions.js';
import type { RegisterId } from './ids.js';
import type { Instruction } from './program.js';
import { isJunk, isPointer } from './values.js';

/** What an instruction computes before anything else, in this order. What an atomic stores it computes once it has read. */
export function operandsOf(instruction: Instruction): readonly Expression[] {
  switch (instruction.kind) {
    case 'assign':
      return [instruction.value];
    case 'load':
    case 'rmw':
    case 'free':
      return [instruction.address];
    case 'store':
    case 'store-conditional':
      return [instruction.address, instruction.value];
    case 'fence':
      return instruction.about ? [instruction.about] : [];
    case 'branch':
    case 'await':
      return [instruction.condition];
    case 'call':
      return [instruction.callee, ...instruction.args];
    case 'return':
      return instruction.value ? [instruction.value] : [];
    case 'primitive':
      return instruction.args;
    case 'allocate':
    case 'region':
    case 'jump':
      return [];
  }
}

/** Whether a register may hold an address. */
type MayHold = (register: RegisterId) => boolean;

/** Whether an operation in an expression may turn out to have no result, as far as what its registers may hold tells. */
export function mayFail(expression: Expression, mayHold: MayHold): boolean {
  switch (expression.kind) {
    case 'constant':
    case 'register':
      return false;
    case 'wrap':
      return mayFail(expression.operand, mayHold);
    case 'unary':
      return (
        mayFail(expression.operand, mayHold) ||
        (expression.op !== '!' && mayBeAddress(expression.operand, mayHold))
      );
    case 'select':
      return [expression.condition, expression.then, expression.otherwise].some((part) =>
        mayFail(part, mayHold),
      );
    case 'binary':
      return (
        mayFail(expression.left, mayHold) ||
        mayFail(expression.right, mayHold) ||
        operationMayFail(expression, mayHold)
      );
  }
}

function operationMayFail(
  { op, left, right, bits = 64 }: Expression & { kind: 'binary' },
  mayHold: MayHold,
): boolean {
  const isAddress = (operand: Expression): boolean => mayBeAddress(operand, mayHold);
  switch (op) {
    case '==':
    case '!=':
    case '&&':
    case '||':
      return false;
    case '/':
    case '%':
      return isAddress(left) || !isNumber(right, (value) => value !== 0n);
    case '<<':
    case '>>':
      return isAddress(left) || !isNumber(right, (value) => value >= 0n && value < bits);
    case '+':
      // An address moves by any number.
      return isAddress(left) && isAddress(right);
    case '-':
      return isAddress(right) && !isSameRegister(left, right);
    case '&':
    case '|':
    case '^':
      return (isAddress(left) || isAddress(right)) && !isSameRegister(left, right);
    default:
      return isAddress(left) || isAddress(right);
  }
}

/** All that may be wrong with the operations of an expression, whatever they work on. */
export function possibleFaults(expression: Expression): Fault[] {
  switch (expression.kind) {
    case 'constant':
    case 'register':
      return [];
    case 'wrap':
      return possibleFaults(expression.operand);
    case 'unary':
      return [...possibleFaults(expression.operand), { name: 'bad-arithmetic' }];
    case 'select':
      return [expression.condition, expression.then, expression.otherwise].flatMap(possibleFaults);
    case 'binary': {
      const { op, left, right, span } = expression;
      const names: Fault['name'][] = ['bad-arithmetic'];
      if (op === '/' || op === '%') names.push('division-by-zero');
      if (op === '<<' || op === '>>') names.push('bad-shift');
      const own = names.map((name): Fault => (span ? { name, span } : { name }));
      return [...possibleFaults(left), ...possibleFaults(right), ...own];
    }
  }
}

/** Whether the value of an expression may be an address. */
export function mayBeAddress(expression: Expression, mayHold: MayHold): boolean {
  switch (expression.kind) {
    case 'constant':
      return isPointer(expression.value) && !isJunk(expression.value);
    case 'register':
      return mayHold(expression.register);
    case 'unary':
      return false;
    case 'wrap':
      return mayBeAddress(expression.operand, mayHold);
    case 'select':
      return mayBeAddress(expression.then, mayHold) || mayBeAddress(expression.otherwise, mayHold);
    case 'binary':
      switch (expression.op) {
        case '+':
        case '&':
        case '|':
        case '^':
          return mayBeAddress(expression.left, mayHold) || mayBeAddress(expression.right, mayHold);
        case '-':
        case '<<':
        case '>>':
          return mayBeAddress(expression.left, mayHold);
        default:
          return false;
      }
  }
}

function isNumber(expression: Expression, fits: (value: bigint) => boolean): boolean {
  return expression.kind === 'constant' && !isPointer(expression.value) && fits(expression.value);
}

/** `p ^ p`, `p - p`, `p & p` and `p | p` have a result whatever `p` is. */
function isSameRegister(left: Expression, right: Expression): boolean {
  return left.kind === 'register' && right.kind === 'register' && left.register === right.register;
}
