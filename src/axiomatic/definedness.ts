import type { CpuTrace, Symbolic } from '../execution/index.js';
import { type Cell, isPointer } from '../program/index.js';

/**
 * Whether some operation of the program may turn out to have no value: a division or shift by what is read, arithmetic on addresses. An
 * execution in which one does is an error, whatever else is asked.
 */
export function mayHaveNoValue(cells: readonly Cell[], cpus: readonly (readonly CpuTrace[])[]): boolean {
  const symbolics = new Set<Symbolic>();
  for (const { parts } of cpus.flat()) {
    for (const { registers, constraints, events } of parts) {
      for (const value of registers) addOperation(symbolics, value);
      for (const { value } of constraints) addOperation(symbolics, value);
      for (const { value } of events) if (value) addOperation(symbolics, value);
    }
  }
  const all = [...symbolics];
  const addresses = cells.some(({ initial }) => isPointer(initial)) || all.some(mentionsAddress);
  return all.some((symbolic) => isPartial(symbolic, addresses));
}

/** What a read returns, as it is, has a value. */
function addOperation(symbolics: Set<Symbolic>, symbolic: Symbolic): void {
  if (symbolic.kind !== 'register') symbolics.add(symbolic);
}

function mentionsAddress(symbolic: Symbolic): boolean {
  if (symbolic.kind === 'constant') return isPointer(symbolic.value);
  return operandsOf(symbolic).some(mentionsAddress);
}

function operandsOf(symbolic: Symbolic): readonly Symbolic[] {
  switch (symbolic.kind) {
    case 'constant':
    case 'register':
      return [];
    case 'unary':
    case 'wrap':
      return [symbolic.operand];
    case 'binary':
      return [symbolic.left, symbolic.right];
    case 'select':
      return [symbolic.condition, symbolic.then, symbolic.otherwise];
  }
}

/** @param addresses whether a read may return an address */
function isPartial(symbolic: Symbolic, addresses: boolean): boolean {
  if (operandsOf(symbolic).some((operand) => isPartial(operand, addresses))) return true;
  switch (symbolic.kind) {
    case 'unary':
      return symbolic.op !== '!' && addresses;
    case 'binary':
      return isPartialOperation(symbolic, addresses);
    default:
      return false;
  }
}

function isPartialOperation({ op, left, right }: Symbolic & { kind: 'binary' }, addresses: boolean): boolean {
  switch (op) {
    case '==':
    case '!=':
    case '&&':
    case '||':
      return false;
    case '/':
    case '%':
    case '<<':
    case '>>':
      return true;
    case '+':
      // An address moves by any number.
      return addresses && !isNumber(left) && !isNumber(right);
    case '-':
      return addresses && !isNumber(right);
    default:
      return addresses;
  }
}

function isNumber(symbolic: Symbolic): boolean {
  return symbolic.kind === 'constant' && !isPointer(symbolic.value);
}
