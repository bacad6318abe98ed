import {
  type BinaryOperator,
  binary,
  constant,
  type Expression,
  int32,
  int64,
  uint64,
  unary,
  wrapped,
} from '../../program/index.js';

type Binary = (left: Expression, right: Expression) => Expression;

const quad =
  (op: BinaryOperator): Binary =>
  (left, right) =>
    wrapped(int64, binary(op, left, right));
/** Longword results are sign-extended to the register's 64 bits. */
const long =
  (op: BinaryOperator): Binary =>
  (left, right) =>
    wrapped(int32, binary(op, left, right));
const scaled =
  (scale: number, make: Binary): Binary =>
  (left, right) =>
    make(binary('*', left, constant(scale)), right);
const compare =
  (op: BinaryOperator): Binary =>
  (left, right) =>
    binary(op, left, right);
const unsigned =
  (op: BinaryOperator): Binary =>
  (left, right) =>
    binary(op, wrapped(uint64, left), wrapped(uint64, right));
const complemented =
  (op: BinaryOperator): Binary =>
  (left, right) =>
    binary(op, left, unary('~', right));

/** A shift counts by the low six bits of its second operand. */
const countedBits = (shift: Expression): Expression =>
  shift.kind === 'constant' && typeof shift.value === 'bigint'
    ? constant(shift.value & 63n)
    : binary('&', shift, constant(63));

const and = compare('&');
const or = compare('|');
const xor = compare('^');

/** Operate instructions: `OP a,b,c` puts the result in c. */
export const binaryOperators: Readonly<Record<string, Binary>> = {
  ADDQ: quad('+'),
  SUBQ: quad('-'),
  MULQ: quad('*'),
  ADDL: long('+'),
  SUBL: long('-'),
  MULL: long('*'),
  S4ADDQ: scaled(4, quad('+')),
  S8ADDQ: scaled(8, quad('+')),
  S4SUBQ: scaled(4, quad('-')),
  S8SUBQ: scaled(8, quad('-')),
  S4ADDL: scaled(4, long('+')),
  S8ADDL: scaled(8, long('+')),
  S4SUBL: scaled(4, long('-')),
  S8SUBL: scaled(8, long('-')),
  AND: and,
  BIS: or,
  OR: or,
  XOR: xor,
  BIC: complemented('&'),
  ANDNOT: complemented('&'),
  ORNOT: complemented('|'),
  EQV: complemented('^'),
  XORNOT: complemented('^'),
  SLL: (left, right) => wrapped(int64, binary('<<', left, countedBits(right))),
  SRA: (left, right) => binary('>>', left, countedBits(right)),
  SRL: (left, right) => wrapped(int64, binary('>>', wrapped(uint64, left), countedBits(right))),
  CMPEQ: compare('=='),
  CMPLT: compare('<'),
  CMPLE: compare('<='),
  CMPULT: unsigned('<'),
  CMPULE: unsigned('<='),
};

/** Instructions and assembler's short forms with one source: `OP b,c`. */
export const unaryOperators: Readonly<Record<string, (operand: Expression) => Expression>> = {
  NOT: (operand) => unary('~', operand),
  NEGQ: (operand) => wrapped(int64, unary('-', operand)),
  NEGL: (operand) => wrapped(int32, unary('-', operand)),
  SEXTL: (operand) => wrapped(int32, operand),
  MOV: (operand) => operand,
};

const zero = constant(0);
const lowBit = (value: Expression): Expression => binary('&', value, constant(1));

/** What branches (`BEQ`) and conditional moves (`CMOVEQ`) ask of a register. */
export const tests: Readonly<Record<string, (value: Expression) => Expression>> = {
  EQ: (value) => binary('==', value, zero),
  NE: (value) => binary('!=', value, zero),
  LT: (value) => binary('<', value, zero),
  GE: (value) => binary('>=', value, zero),
  LE: (value) => binary('<=', value, zero),
  GT: (value) => binary('>', value, zero),
  LBS: lowBit,
  LBC: (value) => unary('!', lowBit(value)),
};
