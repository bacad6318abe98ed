import type { CpuTrace, ProgramUnfolding, Symbolic } from '../execution/index.js';
import { isPointer } from '../program/index.js';

/**
 * The operations of a program that may turn out to have no result: a division or shift by what is read, arithmetic on addresses. An
 * execution in which one has none is an error, whatever else is asked.
 */
export class Definedness {
  private readonly symbolics: readonly ReadonlySet<Symbolic>[];
  /** Whether a read may return an address. */
  private readonly addresses: boolean;
  private readonly known = new Map<Symbolic, boolean>();

  constructor({ cells, cpus }: ProgramUnfolding) {
    this.symbolics = cpus.map(operationsOf);
    this.addresses =
      cells.cells.some(({ initial }) => isPointer(initial)) ||
      this.symbolics.some((own) => [...own].some(mentionsAddress));
  }

  /** The CPUs that have such an operation on some path. */
  get cpus(): number[] {
    return this.symbolics.flatMap((own, cpu) => ([...own].some((one) => this.isPartial(one)) ? [cpu] : []));
  }

  isPartial(symbolic: Symbolic): boolean {
    if (symbolic.kind === 'constant' || symbolic.kind === 'register') return false;
    let partial = this.known.get(symbolic);
    if (partial === undefined) {
      partial = isPartial(symbolic, this.addresses);
      this.known.set(symbolic, partial);
    }
    return partial;
  }
}

/** What a CPU computes, on all its paths. */
function operationsOf(paths: readonly CpuTrace[]): Set<Symbolic> {
  const symbolics = new Set<Symbolic>();
  for (const { parts } of paths) {
    for (const { registers, constraints, events } of parts) {
      for (const value of registers) addOperation(symbolics, value);
      for (const { value } of constraints) addOperation(symbolics, value);
      for (const { kind, value } of events) if (kind === 'write' && value) addOperation(symbolics, value);
    }
  }
  return symbolics;
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
      return addresses || !(isNumber(right) && !isUnfit(op, right.value as bigint));
    case '+':
      // An address moves by any number.
      return addresses && !isNumber(left) && !isNumber(right);
    case '-':
      return addresses && !isNumber(right);
    default:
      return addresses;
  }
}

/** Whether a number cannot be the right operand. */
function isUnfit(op: string, right: bigint): boolean {
  return op === '/' || op === '%' ? right === 0n : right < 0n || right > 64n;
}

function isNumber(symbolic: Symbolic): symbolic is Symbolic & { kind: 'constant' } {
  return symbolic.kind === 'constant' && !isPointer(symbolic.value);
}
