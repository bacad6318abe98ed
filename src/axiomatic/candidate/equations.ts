import {
  applyBinary,
  type BinaryOperator,
  isJunk,
  isPointer,
  type ScalarType,
  type Symbolic,
  type Value,
  valueKey,
  valuesEqual,
  wrap,
} from '../../program/index.js';

/**
 * The value of the one read, of a location of a type, with which an expression has a value; undefined when
 * there is more to it than sums with constants, wrapped to that type, and comparisons of such.
 */
export function solve(symbolic: Symbolic, value: Value, type: ScalarType): Value | undefined {
  switch (symbolic.kind) {
    case 'register':
      return wrap(value, type);
    case 'wrap':
      // A _Bool holds 1 for many values.
      return type.bits > 1 && sameType(symbolic.type, type) && valuesEqual(wrap(value, type), value)
        ? solve(symbolic.operand, value, type)
        : undefined;
    case 'unary':
      return symbolic.op === '!' ? solveBoolean(symbolic, value, type) : undefined;
    case 'binary':
      return isComparison(symbolic) ? solveBoolean(symbolic, value, type) : solveSum(symbolic, value, type);
    default:
      return undefined;
  }
}

function solveBoolean(symbolic: Symbolic, value: Value, type: ScalarType): Value | undefined {
  return value === 0n || value === 1n ? solveTruth(symbolic, value === 1n, type) : undefined;
}

/**
 * The value of the one read, of a location of a type, with which a condition is true, or false; undefined
 * when others do as well, or that cannot be said so simply.
 */
export function solveTruth(symbolic: Symbolic, truth: boolean, type: ScalarType): Value | undefined {
  if (symbolic.kind === 'unary' && symbolic.op === '!') return solveTruth(symbolic.operand, !truth, type);
  if (symbolic.kind === 'binary' && isComparison(symbolic)) return solveComparison(symbolic, truth, type);
  return truth ? undefined : solve(symbolic, 0n, type);
}

function isComparison({ op }: Symbolic & { kind: 'binary' }): boolean {
  return op === '==' || op === '!=' || op === '&&' || op === '||';
}

function solveComparison(
  { op, left, right }: Symbolic & { kind: 'binary' },
  truth: boolean,
  type: ScalarType,
): Value | undefined {
  if (op === '==' || op === '!=') {
    if ((op === '==') !== truth) return undefined;
    if (right.kind === 'constant') return solve(left, right.value, type);
    return left.kind === 'constant' ? solve(right, left.value, type) : undefined;
  }
  // Both parts are to be true, or both false: either alone may say it.
  if ((op === '&&') !== truth) return undefined;
  return solveTruth(left, truth, type) ?? solveTruth(right, truth, type);
}

function solveSum(
  { op, left, right }: Symbolic & { kind: 'binary' },
  value: Value,
  type: ScalarType,
): Value | undefined {
  if (right.kind === 'constant') {
    if (op === '+') return solveFor(left, inverse('-', value, right.value), type);
    if (op === '-') return solveFor(left, inverse('+', value, right.value), type);
  } else if (left.kind === 'constant' && op === '+') {
    return solveFor(right, inverse('-', value, left.value), type);
  }
  return undefined;
}

function solveFor(symbolic: Symbolic, value: Value | undefined, type: ScalarType): Value | undefined {
  return value === undefined ? undefined : solve(symbolic, value, type);
}

/** What an operation gives; undefined where it has no result, or works on junk. */
function inverse(op: BinaryOperator, left: Value, right: Value): Value | undefined {
  const result = applyBinary({ op }, left, right);
  return isJunk(result) ? undefined : result;
}

/** The most values that are tried one by one. */
const MOST_VALUES = 16n;

/**
 * All values that an expression can have, whatever the reads return, where these are few; perhaps others
 * besides.
 */
export function rangeOf(symbolic: Symbolic): readonly Value[] | undefined {
  switch (symbolic.kind) {
    case 'constant':
      return [symbolic.value];
    case 'register':
      return undefined;
    case 'unary':
      return symbolic.op === '!' ? [0n, 1n] : undefined;
    case 'wrap':
      return rangeOf(symbolic.operand)?.map((value) => wrap(value, symbolic.type));
    case 'select': {
      const [then, otherwise] = [rangeOf(symbolic.then), rangeOf(symbolic.otherwise)];
      return then && otherwise && distinct([...then, ...otherwise]);
    }
    case 'binary':
      return rangeOfOperation(symbolic);
  }
}

function rangeOfOperation({ op, left, right }: Symbolic & { kind: 'binary' }): readonly Value[] | undefined {
  if (isTruth(op)) return [0n, 1n];
  const mask = right.kind === 'constant' ? right.value : left.kind === 'constant' ? left.value : undefined;
  // The bits of an address are not known.
  if (op !== '&' || mask === undefined || isPointer(mask) || mask < 0n || mask >= MOST_VALUES)
    return undefined;
  return Array.from({ length: Number(mask) + 1 }, (_, value) => BigInt(value));
}

function isTruth(op: BinaryOperator): boolean {
  return ['==', '!=', '<', '<=', '>', '>=', '&&', '||'].includes(op);
}

function distinct(values: readonly Value[]): readonly Value[] | undefined {
  const found = [...new Map(values.map((value) => [valueKey(value), value])).values()];
  return found.length <= MOST_VALUES ? found : undefined;
}

/**
 * What an expression adds to its one read, of a location of a type, before it is wrapped to that type;
 * undefined when it does more.
 */
export function addedTo(symbolic: Symbolic, type: ScalarType): bigint | undefined {
  switch (symbolic.kind) {
    case 'register':
      return 0n;
    case 'wrap':
      return sameType(symbolic.type, type) ? addedTo(symbolic.operand, type) : undefined;
    case 'binary': {
      const { op, left, right } = symbolic;
      if (op !== '+' && op !== '-') return undefined;
      if (right.kind === 'constant' && !isPointer(right.value))
        return plus(addedTo(left, type), op === '+' ? right.value : -right.value);
      return op === '+' && left.kind === 'constant' && !isPointer(left.value)
        ? plus(addedTo(right, type), left.value)
        : undefined;
    }
    default:
      return undefined;
  }
}

const plus = (sum: bigint | undefined, more: bigint) => (sum === undefined ? undefined : sum + more);

export function sameType(a: ScalarType, b: ScalarType): boolean {
  return a.bits === b.bits && a.signed === b.signed;
}
